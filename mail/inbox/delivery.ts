import type { MailError } from '../errors';
import type { MessageBody, MessageHead } from '../message';
import type { RoutingDecision } from '../routing/route';

/** A mail on its way to an execution. */
export interface IncomingMessage {
	/** Stable over attempts and restarts: account, folder, UIDVALIDITY and UID. */
	readonly deliveryId: string;
	/** 1 for the first time the mail is given. */
	readonly attempt: number;
	readonly uid: number;
	/** Absent where not even the headers could be read. */
	readonly head?: MessageHead;
	readonly body?: MessageBody;
	/** Empty matches: fallback. */
	readonly decision: RoutingDecision;
	/** Why the mail could not be read as a whole; it then goes to the fallback with its source. */
	readonly problem?: MailError;
	/** The raw message: where it was asked for, and where the mail could not be read. */
	readonly source?: { readonly content: Buffer; readonly truncated: boolean };
}

/**
 * How the execution ended that was given some mails. `ended`: it ran. `duplicate`: the host already has an execution
 * for them. `notStarted`: the host could not begin it; the mails are due again.
 */
export type DeliveryEnd = 'ended' | 'duplicate' | 'notStarted';

/**
 * Hands mails over as the items of one execution and resolves at its end. `key` is the same for the same mails and
 * attempt. Never throws.
 */
export type Deliver = (messages: readonly IncomingMessage[], key: string) => Promise<DeliveryEnd>;

export type AfterProcessing = 'nothing' | 'markRead';
