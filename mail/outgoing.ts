import type { Readable } from 'node:stream';
import type { Address, Importance } from './message';

export interface OutgoingAttachment {
	readonly fileName: string;
	readonly mimeType: string;
	/**
	 * A whole mail, which readers open as one (message/rfc822). Read twice: first to see whether it can be sent as it is
	 * (RFC 2046, section 5.2.1); one that cannot is sent as a file.
	 */
	readonly isMail?: boolean;
	/** Set: inline, referred to as `cid:<contentId>` in the HTML. Without angle brackets. */
	readonly contentId?: string;
	/** A new stream at each call. */
	open(): Promise<Readable>;
}

/** What a message answers, or hands on (RFC 5322, section 3.6.4). */
export interface ThreadReference {
	/** A message that is handed on is named among the references, but is not answered. Default: `reply`. */
	readonly relation?: 'reply' | 'forward';
	/** Message-ID of the message that is answered, with angle brackets. */
	readonly messageId: string;
	/** References of that message, oldest first, with angle brackets. */
	readonly references: readonly string[];
}

export interface OutgoingCalendar {
	/** As in the iCalendar text (RFC 5546). */
	readonly method: 'REQUEST' | 'CANCEL' | 'PUBLISH';
	/** iCalendar text (RFC 5545). */
	readonly content: string;
}

/** RFC 2369, section 3.2, and for `oneClick` RFC 8058. At least one of the two addresses is given. */
export interface OutgoingUnsubscribe {
	readonly url?: string;
	readonly address?: string;
	/** A reader may leave by one POST to the URL, without opening it. */
	readonly oneClick: boolean;
}

/** RFC 3461, sections 4.1 and 4.3. */
export interface DeliveryReport {
	/** Empty: never, not even for failures. */
	readonly notify: ReadonlyArray<'success' | 'failure' | 'delay'>;
	/** Whether a failure report holds the whole mail, or its headers alone. */
	readonly returns: 'headers' | 'full';
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
	/** A calendar invitation that readers show with buttons to accept and decline (RFC 6047). */
	readonly calendar?: OutgoingCalendar;
	/** Who is told when a recipient's reader shows the mail (RFC 8098); readers ask first, or do not tell. */
	readonly readReceiptTo?: Address;
	/** How a recipient leaves the list that this mail belongs to. */
	readonly unsubscribe?: OutgoingUnsubscribe;
	/** Which reports the servers on the way are asked for; absent: as they do by themselves. */
	readonly deliveryReport?: DeliveryReport;
	/**
	 * The same text for the same mail, however often it is tried: its Message-ID is made of it, so that a mail whose fate
	 * is unknown can be looked for, and is not sent again. Absent: each message is a new one.
	 */
	readonly identityKey?: string;
	/** Further headers; names are checked against those the composer writes itself. */
	readonly headers: ReadonlyArray<{ readonly name: string; readonly value: string }>;
	readonly thread?: ThreadReference;
}

export interface RejectedRecipient {
	readonly address: string;
	/** The server's words, one line. */
	readonly reply: string;
	/** The server only put it off (4xx): the same e-mail may be taken later. */
	readonly temporary: boolean;
}

export type SentCopyOutcome =
	| { readonly status: 'saved'; readonly folder: string }
	| { readonly status: 'skipped'; readonly reason: string }
	| { readonly status: 'failed'; readonly reason: string };

/** Whom a message was for before an administrator's rule sent it to somebody else. Addresses without names. */
export interface OriginalRecipients {
	readonly to: readonly string[];
	readonly cc: readonly string[];
	readonly bcc: readonly string[];
}

/** What became of one message that the server accepted for at least one recipient. */
export interface SendOutcome {
	/** With angle brackets. */
	readonly messageId: string;
	readonly accepted: readonly string[];
	readonly rejected: readonly RejectedRecipient[];
	/** The server's final answer, one line. */
	readonly response: string;
	/** The server's own name for the sent message, by which it is found again. Where it has one. */
	readonly serverId?: string;
	readonly sizeBytes: number;
	readonly sentCopy: SentCopyOutcome;
	/** Where delivery reports were asked for: whether the server passes that on (RFC 3461). */
	readonly deliveryReport?: 'requested' | 'not offered';
	/** This is the outcome of an earlier try with the same `identityKey`; nothing was sent now. */
	readonly alreadySent?: true;
	/** Set: a rule of the administrator sent it to others than these. */
	readonly redirectedFrom?: OriginalRecipients;
}
