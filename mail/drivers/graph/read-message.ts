import type { Readable } from 'node:stream';
import { isMailError, MailError } from '../../errors';
import type { AttachmentInfo, MessageBody, MessageHead } from '../../message';
import type { BodyRequest, FetchedBody, FetchedHead } from '../../ports';
import { listAttachments, type FoundAttachments } from './attachment-row';
import { readAttachments } from './attachment-content';
import { toMessageBody } from './body';
import { toMessageHead } from './head';
import {
	forEach,
	type MailboxFolder,
	requireKnown,
	toMessageCall,
	toMissing,
	unlessGone,
} from './mailbox-folder';
import { MESSAGE_SELECT, messageRow, type MessageRow, SIZE_PROPERTY } from './message-row';
import { MessageShelf, type ShelvedMessage } from './message-shelf';
import { toQuery } from './path';

const query = toQuery({
	$select: MESSAGE_SELECT,
	$expand: `singleValueExtendedProperties($filter=id eq '${SIZE_PROPERTY}')`,
});

/** Reads messages one by one: Graph gives a head together with its body, which is kept for a while. */
export class MessageReader {
	readonly #folder: MailboxFolder;
	readonly #shelf = new MessageShelf();
	readonly #onMissing: (id: string) => void;

	/** @param onMissing is told of each message that was to be read and is not in the folder */
	constructor(folder: MailboxFolder, onMissing: (id: string) => void) {
		this.#folder = folder;
		this.#onMissing = onMissing;
	}

	/** See `MailboxSession.fetchHeads`. */
	async fetchHeads(uids: readonly number[]): Promise<FetchedHead[]> {
		const fetched = await forEach(uids, async (uid): Promise<FetchedHead | undefined> => {
			const read = await orError(uid, async () => ({ uid, head: (await this.#read(uid)).head }));
			return 'error' in read && isMailError(read.error, 'message.missing') ? undefined : read;
		});
		return fetched.filter((entry) => entry !== undefined);
	}

	/** See `MailboxSession.fetchBodies`. */
	async fetchBodies(
		requests: ReadonlyArray<{ readonly head: MessageHead; readonly want: BodyRequest }>,
	): Promise<FetchedBody[]> {
		return await forEach(requests, async ({ head: { uid }, want }) =>
			orError(uid, async () => ({ uid, body: await this.#readBody(uid, want) })),
		);
	}

	/** The content of an attachment. Throws `message.missing`. */
	async openAttachment({ uid }: MessageHead, { part }: AttachmentInfo): Promise<Readable> {
		const { attachments } = await this.#take(uid);
		const attachment = attachments.find((found) => found.part === part);
		if (attachment === undefined) throw toMissing(uid);
		const { client } = this.#folder;
		const known = requireKnown(this.#folder, uid);
		const place = `/attachments/${encodeURIComponent(attachment.id)}/$value`;
		return await client.open(toMessageCall(this.#folder, known, 'GET', place));
	}

	forget(uids: readonly number[]): void {
		for (const uid of uids) this.#shelf.remove(uid);
	}

	async #readBody(uid: number, want: BodyRequest): Promise<MessageBody> {
		const message = await this.#take(uid);
		const contents = await readAttachments(message.attachments, want, async (attachment) =>
			this.openAttachment(message.head, attachment),
		);
		return toMessageBody(message, contents, want.text);
	}

	async #take(uid: number): Promise<ShelvedMessage> {
		requireKnown(this.#folder, uid);
		return this.#shelf.get(uid) ?? (await this.#read(uid));
	}

	async #read(uid: number): Promise<ShelvedMessage> {
		const { client, id: folderId } = this.#folder;
		const known = requireKnown(this.#folder, uid);
		const row = await unlessGone(
			client.read(toMessageCall(this.#folder, known, 'GET', query), messageRow),
		);
		// The id of a message that was moved to another folder still leads to it.
		if (row === undefined || row.parentFolderId !== folderId) {
			this.#onMissing(known.id);
			throw toMissing(uid);
		}
		const found = await this.#findAttachments(known.id, uid, row);
		const message: ShelvedMessage = {
			head: toMessageHead(uid, row, found),
			attachments: found.attachments,
			links: found.links,
			isHtml: row.body?.contentType?.toLowerCase() === 'html',
			content: row.body?.content ?? '',
		};
		this.#shelf.put(message);
		return message;
	}

	async #findAttachments(id: string, uid: number, row: MessageRow): Promise<FoundAttachments> {
		const html = row.body?.content ?? '';
		if (!mayHaveAttachments(row, html)) return { attachments: [], links: [] };
		const { client, signal } = this.#folder;
		return await listAttachments(client, id, html, { subject: `UID ${uid}`, signal });
	}
}

/**
 * Graph says that there are none where all of them are inline (Microsoft: message, hasAttachments); but then the mail is of
 * a kind that can hold some.
 */
function mayHaveAttachments(row: MessageRow, html: string): boolean {
	if (row.hasAttachments === true || html.includes('cid:')) return true;
	const type = row.internetMessageHeaders
		?.find(({ name }) => name.toLowerCase() === 'content-type')
		?.value?.trim();
	return type === undefined || !/^(text\/(plain|html)|multipart\/alternative)\b/i.test(type);
}

/** What is wrong with one mail does not disturb the others. */
async function orError<T>(
	uid: number,
	read: () => Promise<T>,
): Promise<T | { readonly uid: number; readonly error: Error }> {
	try {
		return await read();
	} catch (cause) {
		if (isMailError(cause) && !isOfOneMessage(cause)) throw cause;
		const subject = `UID ${uid}`;
		const error = isMailError(cause)
			? cause
			: new MailError('message.unreadable', { subject, cause });
		return { uid, error };
	}
}

function isOfOneMessage({ code }: MailError): boolean {
	return code.startsWith('message.') || code === 'server.protocol' || code === 'limit.exceeded';
}
