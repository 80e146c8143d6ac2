/** A mailbox address (RFC 5322, section 3.4): `address` is `local@domain`, decoded; `name` may be empty. */
export interface Address {
	readonly name: string;
	readonly address: string;
}

export type Importance = 'high' | 'normal' | 'low';

/** A body part that a reader would call an attachment. Metadata only. */
export interface AttachmentInfo {
	/** Part number within the message (RFC 3501, section 6.4.5), `2` or `1.3`. */
	readonly part: string;
	/** Decoded; empty where the sender gave none. */
	readonly fileName: string;
	/** Lower case, `application/pdf`. */
	readonly mimeType: string;
	/** As transferred, still encoded; an upper bound of the file's own size. */
	readonly encodedSizeBytes: number;
	/** Without angle brackets; empty where absent. */
	readonly contentId: string;
	/** Shown inside the text (Content-Disposition inline with a Content-ID). */
	readonly inline: boolean;
}

/** What can be known of a message without its body: enough for every route of the five studied systems. */
export interface MessageHead {
	readonly uid: number;
	/** With angle brackets, as in the header; empty where absent. */
	readonly messageId: string;
	readonly inReplyTo: string;
	/** Oldest first, each with angle brackets. */
	readonly references: readonly string[];
	readonly subject: string;
	readonly from: readonly Address[];
	readonly sender: readonly Address[];
	readonly replyTo: readonly Address[];
	readonly to: readonly Address[];
	readonly cc: readonly Address[];
	readonly bcc: readonly Address[];
	/** The Date header; undefined where absent or senseless. */
	readonly sentAt?: Date;
	/** When the server took the message in (INTERNALDATE). */
	readonly receivedAt: Date;
	readonly importance: Importance;
	readonly flags: readonly string[];
	/** Whole message as stored, RFC822.SIZE. */
	readonly sizeBytes: number;
	readonly attachments: readonly AttachmentInfo[];
	/** Lower-case names; in the order of the message; decoded, unfolded. */
	readonly headers: ReadonlyMap<string, readonly string[]>;
	/** Which half of Outlook's Focused Inbox the mail is in; undefined where the source knows none. */
	readonly inbox?: 'focused' | 'other';
}

export interface AttachmentContent extends AttachmentInfo {
	readonly content: Buffer;
}

/** What a part says that programs read, and its beginning is enough for: a delivery report, a calendar. */
export interface PartText {
	/** See `AttachmentInfo.part`. */
	readonly part: string;
	/** Decoded; the charset is told by the bytes. */
	readonly text: string;
	/** The part goes on behind it. */
	readonly truncated: boolean;
}

/** The readable content of a message. */
export interface MessageBody {
	/** Made from the HTML where the sender gave no text; empty where there is neither. */
	readonly text: string;
	/** As sent, never executed or cleaned here; empty where absent. */
	readonly html: string;
	/** Those that were asked for and are within the limits. */
	readonly attachments: readonly AttachmentContent[];
	/** Those that were asked for and that the server gave; absent: none. */
	readonly partTexts?: readonly PartText[];
	/** One sentence for everything that was left out or replaced: limits, unknown character sets. */
	readonly warnings: readonly string[];
}
