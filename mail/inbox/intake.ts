import { createHash } from 'node:crypto';
import { isMailError, MailError } from '../errors';
import { toFactSource } from '../facts/fact-part';
import { type MailFacts, toMailFacts } from '../facts/mail-facts';
import { RAW_SOURCE_BYTES } from '../limits';
import type { AttachmentInfo, MessageBody, MessageHead } from '../message';
import type { FetchedBody, FetchedHead, MailboxSession } from '../ports';
import type { RoutedBody, RouteExplanation, RoutingDecision } from '../routing/route';
import { type AttachmentStore, storeAttachments } from './attachment-store';
import type { IncomingMessage } from './delivery';
import { toDigest } from './digest';
import { groupBySize } from './size-group';

/** What of a mail goes into its item. */
export interface ContentRequest {
	/** Attachments whose content travels inside the item, chosen from the metadata. */
	chooseAttachments(head: MessageHead): readonly AttachmentInfo[];
	readonly includeSource: boolean;
	/** False: the text is read for rules alone, where one is reached. Absent: it goes into the item. */
	readonly includeText?: boolean;
	/** What becomes of attachments that are too large for the item; absent: they stay on the server. */
	readonly store?: AttachmentStore;
	/** Longest text and longest HTML; what is beyond is cut off, with a warning. */
	readonly textCharacters: number;
}

export interface IntakeSettings {
	readonly account: string;
	readonly content: ContentRequest;
	decide(head: MessageHead, body: RoutedBody): RoutingDecision;
	/** Set: what every route thinks of the mail comes with it. */
	explain?(head: MessageHead, body: RoutedBody): readonly RouteExplanation[];
}

/** A mail that was read but not yet given: it has no attempt. */
export type ReadMessage = Omit<IncomingMessage, 'attempt'>;

/**
 * Reads mails: heads first, the route decided from them, then the bodies, never more than `BATCH_BYTES` at once.
 * A mail that cannot be read comes back with its `problem`, and does not disturb its neighbours.
 */
export class Intake {
	constructor(
		private readonly session: MailboxSession,
		private readonly settings: IntakeSettings,
	) {}

	/** Heads of those that are still in the folder, and the UIDs of those that are not. */
	async readHeads(uids: readonly number[]): Promise<{ heads: FetchedHead[]; gone: number[] }> {
		const heads = await this.session.fetchHeads(uids);
		const found = new Set(heads.map(({ uid }) => uid));
		return { heads, gone: uids.filter((uid) => !found.has(uid)) };
	}

	/** In groups that fit into memory: give one group before asking for the next. */
	async *readMessages(
		heads: readonly FetchedHead[],
	): AsyncGenerator<{ messages: ReadMessage[]; gone: number[] }> {
		for (const group of groupBySize(heads)) yield await this.readBodies(group);
	}

	/** A mail that no attempt succeeded with: whatever could be read of it, with its source and the reason. */
	async toLastWord(message: ReadMessage, problem: MailError): Promise<ReadMessage> {
		return {
			...message,
			decision: { ...message.decision, matches: [] },
			problem,
			source: message.source ?? (await this.readSource(message.uid).catch(unlessConnectionFailed)),
		};
	}

	/** A mail that nobody dares to read. */
	toUnread(uid: number, problem: MailError): ReadMessage {
		return {
			deliveryId: this.toDeliveryId(uid),
			uid,
			reference: this.toReference(uid),
			decision: { matches: [] },
			problem,
		};
	}

	/** With the content, since UIDs come again where a server breaks the rules of UIDVALIDITY. */
	private toDeliveryId(uid: number, head?: MessageHead): string {
		const { path, uidValidity } = this.session.folder;
		return createHash('sha256')
			.update(
				JSON.stringify([
					this.settings.account,
					path,
					uidValidity,
					uid,
					...(head === undefined ? [] : [toDigest(head)]),
				]),
			)
			.digest('base64url')
			.slice(0, 22);
	}

	private toReference(uid: number, head?: MessageHead): IncomingMessage['reference'] {
		const { path, uidValidity } = this.session.folder;
		return {
			folder: path,
			uidValidity,
			uid,
			serverId: this.session.serverId(uid),
			messageId: head?.messageId ?? '',
		};
	}

	private async readBodies(group: readonly FetchedHead[]) {
		const readable = group.flatMap((entry) => ('head' in entry ? [entry.head] : []));
		const bodies = await this.fetchWanted(readable);
		const byUid = new Map(bodies.map((entry) => [entry.uid, entry]));
		const messages: ReadMessage[] = [];
		const gone: number[] = [];
		for (const entry of group) {
			if ('error' in entry) {
				messages.push(this.toUnreadable(entry.uid, entry.error));
				continue;
			}
			const fetched = byUid.get(entry.uid);
			const message = await this.toMessage(entry.head, fetched);
			if (message === 'gone') gone.push(entry.uid);
			else messages.push(message);
		}
		return { messages, gone };
	}

	/** Nothing is asked of the server where nothing is wanted. */
	private async fetchWanted(heads: readonly MessageHead[]): Promise<FetchedBody[]> {
		const requests = heads.map((head) => ({ head, want: this.toWant(head) }));
		const isWanted = ({ want }: (typeof requests)[number]) =>
			want.text || want.attachments.length > 0 || want.partTexts.length > 0;
		const wanted = requests.filter(isWanted);
		const fetched = wanted.length === 0 ? [] : await this.session.fetchBodies(wanted);
		const unwanted = requests.filter((request) => !isWanted(request));
		return [...fetched, ...unwanted.map(({ head: { uid } }) => ({ uid, body: NOTHING }))];
	}

	private toWant(head: MessageHead) {
		const { partTexts, needsText } = toFactSource(head);
		const attachments = this.settings.content.chooseAttachments(head);
		// What a test run explains are all rules. Of a mail that has facts the rules are asked when these are known.
		const text =
			this.settings.content.includeText !== false ||
			this.settings.explain !== undefined ||
			needsText ||
			(partTexts.length === 0 && this.needsText(head, {}));
		return { text, attachments, partTexts };
	}

	private needsText(head: MessageHead, routed: RoutedBody): boolean {
		try {
			return this.settings.decide(head, routed).needsText ?? false;
		} catch {
			// It throws again when it is asked for the route, and the mail then says so.
			return false;
		}
	}

	/** What rules look at: the text only where it was wanted, or is now. */
	private async toRouted(
		head: MessageHead,
		whole: MessageBody,
		facts: MailFacts,
	): Promise<RoutedBody> {
		if (this.toWant(head).text) return { text: whole.text, facts };
		if (!this.needsText(head, { facts })) return { facts };
		const want = { text: true, attachments: [] };
		const [fetched] = await this.session.fetchBodies([{ head, want }]);
		if (fetched === undefined)
			throw new MailError('message.missing', { subject: `UID ${head.uid}` });
		if ('error' in fetched) throw fetched.error;
		return { text: fetched.body.text, facts };
	}

	private async toMessage(head: MessageHead, fetched?: FetchedBody): Promise<ReadMessage | 'gone'> {
		if (fetched === undefined) return 'gone';
		if ('error' in fetched) return this.toUnreadOrGone(head, fetched.error);
		const whole = fetched.body;
		const { includeText = true, textCharacters } = this.settings.content;
		const kept = includeText ? cutBody(whole, textCharacters) : { ...whole, text: '', html: '' };
		const body = { ...kept, partTexts: undefined };
		let decision: RoutingDecision;
		let explanation: readonly RouteExplanation[] | undefined;
		let facts: MailFacts;
		try {
			facts = toMailFacts(head, whole);
			const routed = await this.toRouted(head, whole, facts);
			decision = this.settings.decide(head, routed);
			explanation = this.settings.explain?.(head, routed);
		} catch (error) {
			if (isMailError(error)) unlessConnectionFailed(error);
			// Rules do not throw; should one do so for a mail nobody thought of, the others must not wait behind it.
			return this.toUnreadOrGone(head, toError(error));
		}
		const message: ReadMessage = {
			deliveryId: this.toDeliveryId(head.uid, head),
			uid: head.uid,
			reference: this.toReference(head.uid, head),
			head,
			body,
			textIsLeftOut: !includeText,
			facts,
			decision,
			explanation,
		};
		return await this.withStored(head, await this.withSource(message));
	}

	private async withStored(head: MessageHead, message: ReadMessage): Promise<ReadMessage> {
		const { store } = this.settings.content;
		if (store === undefined) return message;
		const { stored, warnings } = await storeAttachments(this.session, head, store);
		return warn({ ...message, stored }, warnings);
	}

	/** The mail does not wait for a source that cannot be had: the body then says so. */
	private async withSource(message: ReadMessage): Promise<ReadMessage> {
		if (!this.settings.content.includeSource) return message;
		const source = await this.readSource(message.uid).catch(unlessConnectionFailed);
		if (source !== undefined) return { ...message, source };
		return warn(message, ['The raw message could not be read.']);
	}

	/** Somebody may delete a mail between any two questions about it. */
	private toUnreadOrGone(head: MessageHead, error: Error): ReadMessage | 'gone' {
		const isGone = isMailError(error, 'message.missing');
		return isGone ? 'gone' : this.toUnreadable(head.uid, error, head);
	}

	/** No rule is asked: what the rules would see may be what broke. */
	private toUnreadable(uid: number, error: Error, head?: MessageHead): ReadMessage {
		const problem = isMailError(error)
			? error
			: new MailError('message.unreadable', { subject: error.message, cause: error });
		return {
			...this.toUnread(uid, problem),
			deliveryId: this.toDeliveryId(uid, head),
			reference: this.toReference(uid, head),
			head,
		};
	}

	private async readSource(uid: number) {
		const { source, truncated } = await this.session.fetchSource(uid, RAW_SOURCE_BYTES);
		return { content: source, truncated };
	}
}

const NOTHING: MessageBody = { text: '', html: '', attachments: [], warnings: [] };

function cutBody(body: MessageBody, characters: number): MessageBody {
	const isLong = body.text.length > characters || body.html.length > characters;
	if (!isLong) return body;
	return {
		...body,
		text: body.text.slice(0, characters),
		html: body.html.slice(0, characters),
		warnings: [...body.warnings, 'The text is longer than the limit of the node: it was cut.'],
	};
}

function warn(message: ReadMessage, warnings: readonly string[]): ReadMessage {
	const { body } = message;
	if (body === undefined || warnings.length === 0) return message;
	return { ...message, body: { ...body, warnings: [...body.warnings, ...warnings] } };
}

/** What a message weighs in memory, roughly, in bytes. */
export function toWeightBytes({ body, source }: ReadMessage): number {
	const text = (body?.text.length ?? 0) + (body?.html.length ?? 0);
	const files = (body?.attachments ?? []).reduce((sum, { content }) => sum + content.length, 0);
	return text + files + (source?.content.length ?? 0);
}

function toError(error: unknown): Error {
	return error instanceof Error ? error : new Error(String(error));
}

/** Only a dead connection, or a server that wants to be left alone, may stop the others for one mail's source. */
function unlessConnectionFailed(error: unknown): undefined {
	if (!isMailError(error) || error.code.startsWith('connection.')) throw error;
	if (error.code === 'server.throttled') throw error;
	return undefined;
}
