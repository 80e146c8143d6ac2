import { MailError, type MailErrorCode } from '../../errors';
import { findExchangeMailboxFault } from '../../microsoft/error';

interface Meaning {
	readonly code: MailErrorCode;
	readonly retryable?: boolean;
	readonly title?: string;
	readonly remedy?: string;
}

/** Response codes (RFC 2449, section 8; RFC 3206). */
const byResponseCode: ReadonlyMap<string, Meaning> = new Map([
	['AUTH', { code: 'auth.rejected', retryable: false }],
	['IN-USE', { code: 'server.unavailable', retryable: true }],
	['LOGIN-DELAY', { code: 'server.throttled', retryable: true }],
	['SYS/TEMP', { code: 'server.unavailable', retryable: true }],
	['SYS/PERM', { code: 'server.unavailable', retryable: false }],
]);

export interface Refusal {
	/** The status line behind `-ERR`, without secrets. */
	readonly text: string;
	/** What was tried, for the message. */
	readonly subject: string;
	/** What -ERR means where no response code says it. */
	readonly otherwise: Meaning;
	/** How long this server asks to wait between two sign-ins (RFC 2449, section 6.5). */
	readonly loginDelayMs?: number;
}

/** Translates a refusal by its response code, never by its prose. */
export function toPop3Error({ text, subject, otherwise, loginDelayMs }: Refusal): MailError {
	const { code, retryable, title, remedy } =
		findExchangeMailboxFault(text) ?? byResponseCode.get(readResponseCode(text)) ?? otherwise;
	return new MailError(code, {
		title,
		remedy,
		subject,
		serverReply: text === '' ? undefined : text,
		retryable,
		retryAfterMs: code === 'server.throttled' ? loginDelayMs : undefined,
	});
}

/** `IN-USE` of `[IN-USE] Do you have another POP session running?`; empty where there is none. */
function readResponseCode(text: string): string {
	return /^\[([A-Z0-9/-]+)\]/i.exec(text)?.[1]?.toUpperCase() ?? '';
}

const failedConnections: ReadonlySet<MailErrorCode> = new Set<MailErrorCode>([
	'connection.lost',
	'connection.timeout',
	'connection.unreachable',
]);

/** Whether the connection cannot go on after this. */
export function isConnectionFailure(error: unknown): error is MailError {
	return error instanceof MailError && failedConnections.has(error.code);
}
