import type { Readable } from 'node:stream';
import type { MailError } from './errors';
import type { AttachmentInfo, MessageBody, MessageHead } from './message';
import type { DeliveryReport, RejectedRecipient } from './outgoing';

/** What the host gives the engine for its log. Never called with a secret. */
export interface Log {
	debug(message: string): void;
	info(message: string): void;
	warn(message: string): void;
	error(message: string): void;
}

export interface Folder {
	/** As the server names it, decoded; the key for `openFolder`. */
	readonly path: string;
	/** RFC 6154 use, `\Inbox` for INBOX; undefined for ordinary folders. */
	readonly specialUse?: string;
	/** False for folders that only hold other folders. */
	readonly selectable: boolean;
}

export interface FolderState {
	readonly path: string;
	/** Decimal; a change makes all earlier UIDs meaningless (RFC 3501, section 2.3.1.1). */
	readonly uidValidity: string;
	readonly uidNext: number;
	readonly messages: number;
	readonly readOnly: boolean;
}

/** Which messages of the open folder are asked for. All conditions must hold. */
export interface MessageQuery {
	readonly uidFrom?: number;
	readonly unseen?: boolean;
	/** Day granularity, by INTERNALDATE (RFC 3501, SINCE); callers check the exact time themselves. */
	readonly receivedSince?: Date;
	/** Day granularity, as above. */
	readonly receivedBefore?: Date;
	/** With angle brackets; the whole header field. */
	readonly messageId?: string;
	readonly seen?: boolean;
	readonly flagged?: boolean;
	readonly keyword?: string;
	/** Occur in the field, without regard to case, as the server compares. */
	readonly from?: string;
	readonly to?: string;
	readonly subject?: string;
	/** Occurs in the headers or the body. */
	readonly text?: string;
}

/** Where a message is found again, later and by another connection. Travels in n8n's items: plain JSON. */
export interface MessageReference {
	readonly folder: string;
	readonly uidValidity: string;
	readonly uid: number;
	/** The server's own name for the message, where it has one besides the UID: UIDL (RFC 1939, section 7). */
	readonly serverId?: string;
	/** With angle brackets; empty where the message has none. */
	readonly messageId: string;
}

/** What a source of mail can do besides reading and deleting. */
export interface MailboxAbilities {
	/** Flags and keywords; without them every mail counts as unseen. */
	readonly marks: boolean;
	/** More than the one folder INBOX. */
	readonly folders: boolean;
}

/** The beginning of a part, as text. */
export interface PartTextRequest {
	readonly attachment: AttachmentInfo;
	/** No more than this is fetched for it, in bytes as transferred. */
	readonly maxBytes: number;
}

/** Which content of a message is wanted. */
export interface BodyRequest {
	/** False: text and HTML stay empty, and are not downloaded where the protocol knows parts. Absent: they are wanted. */
	readonly text?: boolean;
	/** Absent: none. */
	readonly partTexts?: readonly PartTextRequest[];
	/** Attachments whose content is wanted, decided by the caller from the message's head. */
	readonly attachments: readonly AttachmentInfo[];
}

export type FetchedBody =
	| { readonly uid: number; readonly body: MessageBody }
	| { readonly uid: number; readonly error: Error };

/** A head, or why it could not be read; `head` then holds what could. */
export type FetchedHead =
	| { readonly uid: number; readonly head: MessageHead }
	| { readonly uid: number; readonly error: Error };

/** A sign-in that ends by itself, as with an access token. Both ms since the epoch. */
export interface TemporarySignIn {
	readonly at: number;
	/** Gmail ends the connection then, in the middle of IDLE. */
	readonly endsAt: number;
}

/**
 * One signed-in connection with one open folder. Commands are not concurrent: callers await each.
 * Every method throws MailError; a connection that failed stays failed.
 */
export interface MailboxSession {
	/** As of opening; `uidNext` and `messages` are not updated. */
	readonly folder: FolderState;

	/** How often to look where the server announces nothing, in ms; undefined where it announces. */
	readonly lookEveryMs?: number;

	/** Undefined where the sign-in lasts as long as the connection, or each use of the mailbox is a sign-in of its own. */
	readonly signIn?: TemporarySignIn;

	/**
	 * What the driver wants to find again at its next `openFolder`, so that UIDs stay the same: plain JSON, kept with the
	 * checkpoint. Undefined where the server numbers the messages itself.
	 *
	 * @param isNeeded whether the caller may still ask for a message; of the others the driver may forget the numbers
	 */
	toMemory(isNeeded?: (uid: number) => boolean): unknown;

	/** Ascending UIDs. */
	search(query: MessageQuery): Promise<number[]>;

	/** INTERNALDATE alone, without reading headers; UIDs that are gone are left out. */
	fetchReceivedAt(uids: readonly number[]): Promise<Array<{ uid: number; receivedAt: Date }>>;

	/** In the order asked for. UIDs that are gone are left out; unreadable ones come with their error. */
	fetchHeads(uids: readonly number[]): Promise<FetchedHead[]>;

	/** In the order asked for; one entry per head, gone ones with `message.missing`. */
	fetchBodies(
		requests: ReadonlyArray<{ readonly head: MessageHead; readonly want: BodyRequest }>,
	): Promise<FetchedBody[]>;

	/** Raw source, cut at `maxBytes`. */
	fetchSource(uid: number, maxBytes: number): Promise<{ source: Buffer; truncated: boolean }>;

	/**
	 * The decoded content of an attachment as a stream, never whole in memory. The session is busy until the stream
	 * has ended or was destroyed.
	 *
	 * @param head as this session's `fetchHeads` gave it
	 */
	openAttachment(head: MessageHead, attachment: AttachmentInfo): Promise<Readable>;

	/** See `MessageReference.serverId`; of any message that `search` has found. */
	serverId(uid: number): string | undefined;

	/** The UID of a message in the open folder: by its UID where UIDVALIDITY is the same, otherwise by its ids. */
	find(reference: MessageReference): Promise<number | undefined>;

	/** Adds flags or keywords; messages that are gone are ignored. */
	addFlags(uids: readonly number[], flags: readonly string[]): Promise<void>;

	/** Removes flags or keywords; messages that are gone are ignored. */
	removeFlags(uids: readonly number[], flags: readonly string[]): Promise<void>;

	/** Copies into another folder. Throws `mailbox.missing` where it does not exist. */
	copy(uids: readonly number[], folder: string): Promise<void>;

	/** Moves into another folder, by itself and nothing else (RFC 6851). Throws `mailbox.missing`. */
	move(uids: readonly number[], folder: string): Promise<void>;

	/**
	 * Takes these messages and no others out of the folder (RFC 4315, UID EXPUNGE): for good, or into the folder of deleted
	 * mail where the service works so. Durable when it resolves.
	 */
	delete(uids: readonly number[]): Promise<void>;

	/**
	 * Resolves `changed` as soon as the server announces something in the folder, `timeout` after `timeoutMs`,
	 * `aborted` when the signal fires. Throws when the connection is lost.
	 */
	waitForChange(timeoutMs: number, signal: AbortSignal): Promise<'changed' | 'timeout' | 'aborted'>;

	/** Ends the session in at most `CLOSE_GRACE_MS`, whatever the server does. Never throws. */
	close(): Promise<void>;
}

export interface MailboxDriver {
	readonly abilities: MailboxAbilities;
	/**
	 * Signs in and opens the folder.
	 *
	 * @param memory what `toMemory` gave last; checked, since it comes from outside
	 */
	openFolder(path: string, signal: AbortSignal, memory?: unknown): Promise<MailboxSession>;
	listFolders(signal: AbortSignal): Promise<Folder[]>;
}

/** A message composed once: the same bytes go to the server and to the Sent folder. */
export interface ComposedMessage {
	readonly messageId: string;
	readonly envelope: {
		readonly from: string;
		readonly to: readonly string[];
		readonly deliveryReport?: DeliveryReport;
	};
	/**
	 * Whether an address in the envelope or the headers has characters beyond ASCII before its @: only servers with
	 * SMTPUTF8 (RFC 6531) take it. Domains beyond ASCII need nothing, they are written as A-labels.
	 */
	readonly needsSmtpUtf8: boolean;
	/** Without the detached files. */
	readonly sizeBytes: number;
	/** A new stream over the bytes that are sent, at each call. They hold no Bcc header. */
	open(): Readable;
	/** The sender's own copy: the same bytes, with a Bcc header in front where there are blind recipients. */
	readonly copy: MessageCopy;
	/** Files that belong to the message and did not fit into its bytes, see `MessageRoom`. Absent: none. */
	readonly detached?: readonly DetachedFile[];
	/** Removes temporary files, if there are any. */
	dispose(): Promise<void>;
}

/** What a server takes at a time: files that do not fit into a message of this size are handed over one by one. */
export interface MessageRoom {
	readonly messageBytes: number;
	/** Largest file. */
	readonly fileBytes: number;
}

/** A file that is handed over beside the message that it belongs to. */
export interface DetachedFile {
	/** Without path and control characters. */
	readonly fileName: string;
	readonly mimeType: string;
	/** See `OutgoingAttachment`. */
	readonly contentId?: string;
	readonly sizeBytes: number;
	/** A new stream over the bytes from `start` up to, and without, `end`. */
	open(start: number, end: number): Readable;
}

/** Bytes whose length is known before the first is read, as APPEND wants it. */
export interface MessageCopy {
	readonly sizeBytes: number;
	/** A new stream at each call. */
	open(): Readable;
}

export interface Delivery {
	readonly accepted: readonly string[];
	readonly rejected: readonly RejectedRecipient[];
	readonly response: string;
	/** See `SendOutcome.deliveryReport`. */
	readonly deliveryReport?: 'requested' | 'not offered';
	/** See `SendOutcome.serverId`. */
	readonly serverId?: string;
	/** Where the server sends it under another Message-ID than its bytes hold. */
	readonly messageId?: string;
}

/** What became of a message whose answer was lost. */
export type Fate =
	| { readonly status: 'sent'; readonly delivery: Delivery }
	| { readonly status: 'notSent' }
	| { readonly status: 'unknown' };

/** What a server that keeps a message before, while and after it sends it can tell and do. */
export interface MessageKeeper {
	/** Where the sent ones are, as the user knows it. */
	readonly sentFolder: string;
	/**
	 * Throws MailError where it cannot be looked up now. After `notSent` the same message may be sent.
	 *
	 * @param doubt what `send` has thrown, now or in an earlier run for a message with the same Message-ID
	 */
	fateOf(message: ComposedMessage, doubt: MailError): Promise<Fate>;
	/** Removes what is at the server of a message that was not sent and is not tried again. Never throws. */
	abandon(message: ComposedMessage): Promise<void>;
	/** Takes a message that was sent out of the Sent folder. Throws MailError where it may still be there. */
	removeSent(delivery: Delivery): Promise<void>;
}

/** A pool of connections to one outgoing server. */
export interface Sender {
	/** Absent: a message is taken whole, whatever its size. */
	readonly room?: MessageRoom;
	/** Absent: the server keeps nothing, or nobody can look. */
	readonly keeper?: MessageKeeper;
	/**
	 * Throws MailError when no recipient was accepted: `retryable` where the same mail may be taken later, and
	 * `send.uncertain` where the server may have accepted it all the same. The signal ends the waiting for a free connection
	 * (`send.cancelled`); a transmission that has begun is finished, so that its outcome is known.
	 */
	send(message: ComposedMessage, signal?: AbortSignal): Promise<Delivery>;
	close(): Promise<void>;
}

/** Puts copies of sent messages into the account's Sent folder. */
export interface SentFolder {
	/** Returns the folder's path. Throws MailError. */
	append(message: ComposedMessage): Promise<string>;
	/** Whether a message with this Message-ID is there now, whoever has put it there. Throws MailError. */
	has(messageId: string): Promise<boolean>;
	close(): Promise<void>;
}

export interface SavedDraft {
	/** The folder's path. */
	readonly folder: string;
	/** Where the server tells it (RFC 4315, APPENDUID). */
	readonly uid?: number;
	readonly uidValidity?: string;
	/** See `MessageReference.serverId`. */
	readonly serverId?: string;
}

/** Puts unfinished messages into the account's Drafts folder. */
export interface DraftsFolder {
	/** See `Sender.room`. */
	readonly room?: MessageRoom;
	/** Throws MailError. */
	append(message: ComposedMessage): Promise<SavedDraft>;
	close(): Promise<void>;
}
