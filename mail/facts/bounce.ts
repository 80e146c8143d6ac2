/** What the server did with the mail for one recipient (RFC 3464, section 2.3.3). */
export type BounceAction = 'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded';

/** Whether another try may help (RFC 3463, section 3.1). */
export type BounceOutcome = 'permanent' | 'temporary' | 'success';

/** The standard, or the program whose own words were read: those are no standard and may change. */
export type BounceFormat = 'rfc3464' | 'exim' | 'qmail' | 'exchange' | 'text' | 'unknown';

export interface BouncedRecipient {
	/** Where the mail went in the end. */
	readonly address: string;
	/** As its sender wrote it, where the report tells (RFC 3464, section 2.3.1); otherwise empty. */
	readonly originalAddress: string;
	readonly action: BounceAction;
	/** `5.1.1` (RFC 3463); empty where the report does not tell. */
	readonly status: string;
	readonly outcome: BounceOutcome;
	/** One line, the remote server's words as a rule. */
	readonly diagnostic: string;
	/** The server that refused the mail, or did not answer. */
	readonly remoteMta: string;
}

/** A report on a mail that was sent before. Anybody can send one: nothing in it is proven. */
export interface Bounce {
	readonly format: BounceFormat;
	/** The server that wrote the report. */
	readonly reportingMta: string;
	/** Of the mail that came back, with angle brackets; empty where the report does not tell. */
	readonly originalMessageId: string;
	readonly recipients: readonly BouncedRecipient[];
	/** There are more recipients than are told. */
	readonly truncated: boolean;
}

const outcomes: Readonly<Record<Exclude<BounceAction, 'failed'>, BounceOutcome>> = {
	delayed: 'temporary',
	delivered: 'success',
	relayed: 'success',
	expanded: 'success',
};

/** By the action, then the class of the status, then the reply code; a failure that says nothing more is permanent. */
export function toOutcome(action: BounceAction, status: string, diagnostic: string): BounceOutcome {
	if (action !== 'failed') return outcomes[action];
	const [, code = ''] = /\b([45])\d\d\b/.exec(diagnostic) ?? [];
	return (status.charAt(0) || code) === '4' ? 'temporary' : 'permanent';
}

const STATUS = /(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/;

/** The first enhanced status code in a text; empty where there is none. */
export function findStatus(text: string): string {
	return STATUS.exec(text)?.[1] ?? '';
}
