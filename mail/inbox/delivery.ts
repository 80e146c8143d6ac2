import type { MailError } from '../errors';
import type { MailFacts } from '../facts/mail-facts';
import type { AttachmentInfo, MessageBody, MessageHead } from '../message';
import type { MessageReference } from '../ports';
import type { RouteExplanation, RoutingDecision } from '../routing/route';

export interface StoredAttachment {
	readonly attachment: AttachmentInfo;
	readonly place: unknown;
}

/** A mail on its way to an execution. */
export interface IncomingMessage {
	/** Stable over attempts and restarts: account, folder, UIDVALIDITY and UID of the first time. */
	readonly deliveryId: string;
	/** 1 for the first time the mail is given. */
	readonly attempt: number;
	readonly uid: number;
	/** Where a later step finds the mail again. */
	readonly reference: MessageReference;
	/** Absent where not even the headers could be read. */
	readonly head?: MessageHead;
	readonly body?: MessageBody;
	/** The text was not asked for: that the body has none says nothing. */
	readonly textIsLeftOut?: boolean;
	/** What the mail says to programs; absent where it could not be read. */
	readonly facts?: MailFacts;
	/** Attachments that the host has stored, with its own word for where. */
	readonly stored?: readonly StoredAttachment[];
	/** Empty matches: fallback. */
	readonly decision: RoutingDecision;
	/** Of every route, why it would take the mail or not; in test runs. */
	readonly explanation?: readonly RouteExplanation[];
	/** Why no attempt with this mail succeeded: it leaves by the error output, with its source. */
	readonly problem?: MailError;
	/** The raw message: where it was asked for, and where there is a problem. */
	readonly source?: { readonly content: Buffer; readonly truncated: boolean };
}

/**
 * How an execution ended. `interrupted`: the process that ran it died, or it was never run although it was stored.
 * `notStarted`: the host could not begin it.
 */
export type DeliveryEnd =
	| { readonly kind: 'succeeded' }
	| { readonly kind: 'failed'; readonly reason: string }
	| { readonly kind: 'interrupted' }
	| { readonly kind: 'notStarted' };

export interface Delivery {
	/** Settles when the host has the execution durably, where it was asked for and the host can tell. */
	readonly stored?: Promise<void>;
	/** Never rejects. May stay open for ever where a host loses its own report. */
	readonly end: Promise<DeliveryEnd>;
}

/**
 * Hands mails over as the items of one execution. `key` is the same for the same mails and attempts, so that the host
 * can refuse a second execution for them. Never throws.
 */
export type Deliver = (messages: readonly IncomingMessage[], key: string) => Delivery;

/** What the host's own records say of an execution; `absent`: there is none with this key. */
export type ExecutionState =
	'absent' | 'underWay' | 'finished' | 'failed' | 'interrupted' | 'unknown';

/** The host's records of executions, by the keys they were started under. */
export interface ExecutionRecords {
	/** Never throws; `unknown` where the host has no such records, or does not answer. */
	find(key: string): Promise<ExecutionState>;
}

/** From when on a mail counts as handled: never before, however the process ends. */
export type Acknowledge = 'stored' | 'finished' | 'succeeded';

/** What happens to a mail at the server once it is acknowledged. */
export type AfterProcessing =
	| { readonly kind: 'nothing' }
	| { readonly kind: 'markRead' }
	| { readonly kind: 'flag' }
	| { readonly kind: 'keyword'; readonly keyword: string }
	| { readonly kind: 'move'; readonly folder: string }
	| { readonly kind: 'delete' };
