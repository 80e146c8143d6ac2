import type { Readable } from 'node:stream';
import type { Address, Importance } from './message';

export interface OutgoingAttachment {
	readonly fileName: string;
	readonly mimeType: string;
	/** Set: inline, referred to as `cid:<contentId>` in the HTML. Without angle brackets. */
	readonly contentId?: string;
	/** A new stream at each call. */
	open(): Promise<Readable>;
}

/** What a message answers (RFC 5322, section 3.6.4). */
export interface ThreadReference {
	/** Message-ID of the message that is answered, with angle brackets. */
	readonly messageId: string;
	/** References of that message, oldest first, with angle brackets. */
	readonly references: readonly string[];
}

/** A message to send. Addresses are validated; nothing in it can start a new header. */
export interface OutgoingMessage {
	readonly from: Address;
	readonly to: readonly Address[];
	readonly cc: readonly Address[];
	readonly bcc: readonly Address[];
	readonly replyTo: readonly Address[];
	readonly subject: string;
	readonly text?: string;
	readonly html?: string;
	readonly attachments: readonly OutgoingAttachment[];
	readonly importance: Importance;
	/** Further headers; names are checked against those the composer writes itself. */
	readonly headers: ReadonlyArray<{ readonly name: string; readonly value: string }>;
	readonly thread?: ThreadReference;
}

export interface RejectedRecipient {
	readonly address: string;
	/** The server's words, one line. */
	readonly reply: string;
}

export type SentCopyOutcome =
	| { readonly status: 'saved'; readonly folder: string }
	| { readonly status: 'skipped'; readonly reason: string }
	| { readonly status: 'failed'; readonly reason: string };

/** What became of one message that the server accepted for at least one recipient. */
export interface SendOutcome {
	/** With angle brackets. */
	readonly messageId: string;
	readonly accepted: readonly string[];
	readonly rejected: readonly RejectedRecipient[];
	/** The server's final answer, one line. */
	readonly response: string;
	readonly sizeBytes: number;
	readonly sentCopy: SentCopyOutcome;
}
