import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { MailError } from '../../mail/errors';
import type { AttachmentInfo, MessageHead } from '../../mail/message';
import type {
	Folder,
	FolderState,
	MailboxAbilities,
	MailboxDriver,
	MailboxSession,
	MessageQuery,
	MessageReference,
	TemporarySignIn,
} from '../../mail/ports';

export interface StoredMail {
	readonly uid: number;
	readonly receivedAt: Date;
	/** The Date header; as `receivedAt` where it is not told. */
	readonly sentAt?: Date;
	readonly flags: Set<string>;
	readonly subject: string;
	readonly messageId: string;
	/** The subject where it is not told. */
	readonly text?: string;
	/** Absent: none. */
	readonly attachments?: readonly AttachmentInfo[];
	/** The mail's body cannot be read. */
	readonly broken: boolean;
	/** Reading the mail's body or source ends the connection. */
	readonly deadly: boolean;
}

/** One folder in memory with UIDs, flags and faults: a server for tests of what happens above the protocol. */
export class MemoryMailbox implements MailboxDriver {
	abilities: MailboxAbilities = { marks: true, folders: true };
	readonly mails: StoredMail[] = [];
	/** Mails that were moved or copied, by folder. */
	readonly folders = new Map<string, StoredMail[]>([['Done', []]]);
	readonly sessions: MemorySession[] = [];
	uidValidity = '1';
	readOnly = false;
	/** Thrown whenever flags are to be changed. */
	flagFault: MailError | undefined;
	/** Thrown by the next changes of flags, moves and deletions, one each. */
	readonly changeFaults: MailError[] = [];
	/** Thrown by the next openings, one each. */
	readonly openingFaults: MailError[] = [];
	/** Thrown by the next fetches of heads, one each. */
	readonly headFaults: MailError[] = [];
	/** No mail's source can be read. */
	sourcesAreBroken = false;
	/** Called as a command begins, and once more when the server has done it. */
	onCommand: (name: string, step: 'begins' | 'done') => void | Promise<void> = () => undefined;
	#nextUid = 1;

	deliver(subject = 'Mail', options: Partial<StoredMail> = {}): StoredMail {
		const mail: StoredMail = {
			receivedAt: new Date(),
			flags: new Set(),
			broken: false,
			deadly: false,
			messageId: `<${randomUUID()}@example.com>`,
			...options,
			uid: this.#nextUid++,
			subject,
		};
		this.mails.push(mail);
		this.announce();
		return mail;
	}

	expunge(uid: number): void {
		const index = this.mails.findIndex((mail) => mail.uid === uid);
		this.mails.splice(index, 1);
	}

	/** The same mails under new UIDs, as after a restored backup; its connections are gone. */
	rebuild(
		change: (mail: StoredMail) => Partial<StoredMail> = () => ({}),
		uidValidity = String(Number(this.uidValidity) + 1),
	): void {
		this.uidValidity = uidValidity;
		const mails = this.mails.splice(0);
		this.#nextUid = 1;
		for (const mail of mails) this.deliver(mail.subject, { ...mail, ...change(mail) });
		this.cutConnections();
	}

	/** All connections fail at their next, or present, command. */
	cutConnections(): void {
		for (const session of this.sessions) session.cut();
	}

	subjectsWith(flag: string): string[] {
		return this.mails.filter(({ flags }) => flags.has(flag)).map(({ subject }) => subject);
	}

	announce(): void {
		for (const session of this.sessions) session.announce();
	}

	/** When the sign-in of the next sessions ends, ms since the epoch. */
	signInEndsAt: number | undefined;

	get uidNext(): number {
		return this.#nextUid;
	}

	async openFolder(path: string): Promise<MailboxSession> {
		const fault = this.openingFaults.shift();
		if (fault !== undefined) throw fault;
		const session = new MemorySession(this, {
			path,
			uidValidity: this.uidValidity,
			uidNext: this.uidNext,
			messages: this.mails.length,
			readOnly: this.readOnly,
		});
		const endsAt = this.signInEndsAt;
		session.signIn = endsAt === undefined ? undefined : { at: Date.now(), endsAt };
		this.sessions.push(session);
		return session;
	}

	async listFolders(): Promise<Folder[]> {
		return [{ path: 'INBOX', specialUse: '\\Inbox', selectable: true }];
	}
}

class MemorySession implements MailboxSession {
	#cut = false;
	#busy = false;
	#hasNews = false;
	#notify: () => void = () => undefined;
	closed = false;
	signIn: TemporarySignIn | undefined;

	constructor(
		private readonly mailbox: MemoryMailbox,
		readonly folder: FolderState,
	) {}

	cut(): void {
		this.#cut = true;
		this.#notify();
	}

	/** Heard by the present wait, or by the next one. */
	announce(): void {
		this.#hasNews = true;
		this.#notify();
	}

	async search(query: MessageQuery): Promise<number[]> {
		return await this.command('search', () =>
			this.mailbox.mails
				.filter(({ uid }) => uid >= (query.uidFrom ?? 1))
				.filter(({ flags }) => query.unseen !== true || !flags.has('\\Seen'))
				.filter(({ flags }) => query.seen === undefined || flags.has('\\Seen') === query.seen)
				.filter(
					({ flags }) => query.flagged === undefined || flags.has('\\Flagged') === query.flagged,
				)
				.filter(({ flags }) => query.keyword === undefined || flags.has(query.keyword))
				.filter(({ messageId }) => messageId === (query.messageId ?? messageId))
				.filter(({ subject }) => subject.includes(query.subject ?? ''))
				.filter(({ receivedAt }) => receivedAt >= (query.receivedSince ?? new Date(0)))
				.filter(
					({ receivedAt }) =>
						query.receivedBefore === undefined || receivedAt < query.receivedBefore,
				)
				.map(({ uid }) => uid),
		);
	}

	async fetchReceivedAt(uids: readonly number[]) {
		return await this.command('fetchReceivedAt', () =>
			this.mailsOf(uids).map(({ uid, receivedAt }) => ({ uid, receivedAt })),
		);
	}

	async fetchHeads(uids: readonly number[]) {
		return await this.command('fetchHeads', () => {
			const fault = this.mailbox.headFaults.shift();
			if (fault !== undefined) throw fault;
			return this.mailsOf(uids).map((mail) => ({ uid: mail.uid, head: toHead(mail) }));
		});
	}

	async fetchBodies(requests: ReadonlyArray<{ readonly head: MessageHead }>) {
		return await this.command('fetchBodies', () =>
			requests.map(({ head: { uid } }) => {
				const [mail] = this.mailsOf([uid]);
				if (mail === undefined) return { uid, error: new MailError('message.missing') };
				this.failIfDeadly(uid);
				return mail.broken
					? { uid, error: new MailError('message.unreadable') }
					: {
							uid,
							body: { text: mail.text ?? mail.subject, html: '', attachments: [], warnings: [] },
						};
			}),
		);
	}

	async fetchSource(uid: number) {
		return await this.command('fetchSource', () => {
			this.failIfDeadly(uid);
			if (this.mailbox.sourcesAreBroken) throw new MailError('message.unreadable');
			return { source: Buffer.from(`source of ${uid}`), truncated: false };
		});
	}

	async openAttachment(head: MessageHead, { part }: AttachmentInfo): Promise<Readable> {
		return await this.command('openAttachment', () =>
			Readable.from([Buffer.from(`part ${part} of ${head.uid}`)]),
		);
	}

	serverId(): string | undefined {
		return undefined;
	}

	toMemory(): unknown {
		return undefined;
	}

	async find({ uidValidity, uid, messageId }: MessageReference): Promise<number | undefined> {
		return await this.command('find', () => {
			if (uidValidity === this.folder.uidValidity) return this.mailsOf([uid])[0]?.uid;
			return this.mailbox.mails.findLast((mail) => mail.messageId === messageId)?.uid;
		});
	}

	async removeFlags(uids: readonly number[], flags: readonly string[]): Promise<void> {
		await this.command('removeFlags', () => {
			for (const mail of this.mailsOf(uids)) for (const flag of flags) mail.flags.delete(flag);
		});
	}

	async copy(uids: readonly number[], folder: string): Promise<void> {
		await this.command('copy', () => this.target(folder).push(...this.mailsOf(uids)));
	}

	async move(uids: readonly number[], folder: string): Promise<void> {
		await this.command('move', () => {
			this.failIfChangeFails();
			const moved = this.mailsOf(uids);
			this.target(folder).push(...moved);
			for (const { uid } of moved) this.mailbox.expunge(uid);
		});
	}

	async delete(uids: readonly number[]): Promise<void> {
		await this.command('delete', () => {
			this.failIfChangeFails();
			for (const { uid } of this.mailsOf(uids)) this.mailbox.expunge(uid);
		});
	}

	async addFlags(uids: readonly number[], flags: readonly string[]): Promise<void> {
		await this.command('addFlags', () => {
			if (this.mailbox.flagFault !== undefined) throw this.mailbox.flagFault;
			this.failIfChangeFails();
			if (this.folder.readOnly) throw new MailError('mailbox.readOnly');
			for (const mail of this.mailsOf(uids)) for (const flag of flags) mail.flags.add(flag);
		});
	}

	async waitForChange(timeoutMs: number, signal: AbortSignal) {
		return await this.command(
			'waitForChange',
			() =>
				new Promise<'changed' | 'timeout' | 'aborted'>((resolve) => {
					const end = (outcome: 'changed' | 'timeout' | 'aborted') => {
						clearTimeout(timer);
						if (outcome === 'changed') this.#hasNews = false;
						this.#notify = () => undefined;
						resolve(outcome);
					};
					const timer = setTimeout(() => end('timeout'), timeoutMs);
					timer.unref();
					this.#notify = () => end('changed');
					if (signal.aborted) return end('aborted');
					if (this.#hasNews) return end('changed');
					signal.addEventListener('abort', () => end('aborted'));
				}),
		);
	}

	async close(): Promise<void> {
		this.closed = true;
		this.#notify();
	}

	private target(folder: string): StoredMail[] {
		const mails = this.mailbox.folders.get(folder);
		if (mails === undefined) throw new MailError('mailbox.missing', { subject: folder });
		return mails;
	}

	private mailsOf(uids: readonly number[]): StoredMail[] {
		return uids.flatMap((wanted) => this.mailbox.mails.filter(({ uid }) => uid === wanted));
	}

	/** Commands are not concurrent, and none works on a dead connection. */
	private async command<Result>(
		name: string,
		run: () => Result | Promise<Result>,
	): Promise<Result> {
		if (this.#busy) throw new Error('two commands at a time');
		this.#busy = true;
		try {
			this.failIfCut();
			await this.mailbox.onCommand(name, 'begins');
			const result = await run();
			await this.mailbox.onCommand(name, 'done');
			this.failIfCut();
			return result;
		} finally {
			this.#busy = false;
		}
	}

	private failIfDeadly(uid: number): void {
		if (this.mailsOf([uid])[0]?.deadly !== true) return;
		this.cut();
		throw new MailError('connection.lost', { retryable: true });
	}

	private failIfChangeFails(): void {
		const fault = this.mailbox.changeFaults.shift();
		if (fault !== undefined) throw fault;
	}

	private failIfCut(): void {
		if (this.#cut || this.closed) throw new MailError('connection.lost', { retryable: true });
	}
}

export function toHead({
	uid,
	subject,
	receivedAt,
	sentAt,
	flags,
	messageId,
	attachments = [],
}: Omit<StoredMail, 'broken' | 'deadly'>): MessageHead {
	return {
		uid,
		messageId,
		inReplyTo: '',
		references: [],
		subject,
		from: [{ name: 'Customer', address: 'customer@example.net' }],
		sender: [],
		replyTo: [],
		to: [{ name: '', address: 'support@example.com' }],
		cc: [],
		bcc: [],
		sentAt: sentAt ?? receivedAt,
		receivedAt,
		importance: 'normal',
		flags: [...flags],
		sizeBytes: 2_000,
		attachments,
		headers: new Map(),
	};
}
