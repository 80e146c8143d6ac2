import type { ImapFlowError } from 'imapflow';
import { isMailError, MailError, type MailErrorCode, type MailErrorDetails } from '../../errors';
import { findExchangeMailboxFault } from '../../microsoft/error';
import { findConnectionError } from '../net/error';
import { readChallengeStatus, withStatus } from '../net/xoauth2';

interface Meaning {
	readonly code: MailErrorCode;
	readonly retryable?: boolean;
	readonly title?: string;
	readonly remedy?: string;
}

/** Response codes of the server (RFC 5530; RFC 9051, section 7.1; RFC 7889; RFC 4469). */
const byResponseCode: Readonly<Record<string, Meaning>> = {
	AUTHENTICATIONFAILED: { code: 'auth.rejected' },
	AUTHORIZATIONFAILED: { code: 'auth.rejected' },
	EXPIRED: { code: 'auth.rejected' },
	CONTACTADMIN: { code: 'auth.rejected' },
	PRIVACYREQUIRED: { code: 'auth.unavailable' },
	UNAVAILABLE: { code: 'server.unavailable', retryable: true },
	SERVERBUG: { code: 'server.unavailable', retryable: true },
	CORRUPTION: { code: 'server.unavailable', retryable: true },
	INUSE: { code: 'server.unavailable', retryable: true },
	LIMIT: { code: 'server.throttled', retryable: true },
	THROTTLED: { code: 'server.throttled', retryable: true },
	OVERQUOTA: { code: 'message.tooLarge' },
	TOOBIG: { code: 'message.tooLarge' },
	APPENDLIMIT: { code: 'message.tooLarge' },
	NONEXISTENT: { code: 'mailbox.missing' },
	TRYCREATE: { code: 'mailbox.missing' },
	CANNOT: { code: 'mailbox.missing' },
	'READ-ONLY': { code: 'mailbox.readOnly' },
	NOPERM: { code: 'mailbox.readOnly' },
	CLIENTBUG: { code: 'server.protocol' },
};

/** imapflow's own codes (its `ImapFlowErrorCode`) that are no failure of the network. */
const byLibraryCode: Readonly<Record<string, Meaning>> = {
	ETHROTTLE: { code: 'server.throttled', retryable: true },
	NoConnection: { code: 'connection.lost', retryable: true },
	EConnectionClosed: { code: 'connection.lost', retryable: true },
	StateLogout: { code: 'connection.lost', retryable: true },
	ClosedAfterConnectText: { code: 'connection.lost', retryable: true },
	ClosedAfterConnectTLS: { code: 'connection.lost', retryable: true },
	DownloadIncomplete: { code: 'connection.lost', retryable: true },
	NotFound: { code: 'mailbox.missing' },
};

const TOO_MANY_CONNECTIONS: Meaning = { code: 'server.tooManyConnections', retryable: true };

/**
 * What servers say when a mailbox has too many connections. RFC 9051, section 7.1 has LIMIT for it, which hardly any
 * server sends: they send no code, or one that means something else.
 */
const tooManyConnectionsPhrases: readonly RegExp[] = [
	// Gmail: `NO [ALERT] Too many simultaneous connections. (Failure)`; also Yahoo, Courier, Cyrus.
	/\btoo many (\w+ )?connections\b/i,
	// Dovecot: `NO [UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)`.
	/\bmaximum number of connections\b/i,
	/\bconnection limit (reached|exceeded)\b/i,
];

function saysTooManyConnections(reply: string | undefined): boolean {
	return reply !== undefined && tooManyConnectionsPhrases.some((phrase) => phrase.test(reply));
}

const failedConnections: ReadonlySet<MailErrorCode> = new Set<MailErrorCode>([
	'connection.lost',
	'connection.timeout',
	'connection.unreachable',
]);

/** Whether the session cannot go on after this. */
export function isConnectionFailure(error: MailError): boolean {
	return failedConnections.has(error.code);
}

/**
 * Translates imapflow's errors from their structured fields.
 * @param subject what was tried, for the message: `imap.example.com:993`, `folder "Invoices"`
 */
export function toImapError(error: unknown, subject: string): MailError {
	if (isMailError(error)) return error;
	if (!isObject(error)) return new MailError('server.protocol', { subject, cause: error });
	const details = { subject, serverReply: toReply(error), cause: error };

	const meaning =
		findExchangeMailboxFault(details.serverReply ?? '') ??
		toConnectionLimit(error) ??
		lookUp(byLibraryCode, error.code) ??
		lookUp(byResponseCode, error.serverResponseCode ?? readResponseCode(error.response)) ??
		toAuthMeaning(error) ??
		(error.mailboxMissing === true ? { code: 'mailbox.missing' as const } : undefined);
	if (meaning !== undefined)
		return create(meaning, { ...details, retryAfterMs: error.throttleReset });

	const connectionError = findConnectionError(error, subject);
	if (connectionError !== undefined) return connectionError;
	return create(
		// RFC 9051, section 7.1.2: NO is a refusal of this command now, BAD a misunderstanding.
		error.responseStatus === 'NO'
			? { code: 'server.unavailable', retryable: true }
			: { code: 'server.protocol' },
		details,
	);
}

/**
 * The error of a connection that the server has ended.
 * @param byeReason what it said with BYE (RFC 9051, section 7.1.5), perhaps nothing
 */
export function toClosedError(where: string, byeReason: string, isSignedIn: boolean): MailError {
	const details = { subject: where, retryable: true };
	if (byeReason === '') return new MailError('connection.lost', details);
	// Before the sign-in the server was reached, and has its reasons.
	const code = isSignedIn ? 'connection.lost' : 'server.unavailable';
	const known = findExchangeMailboxFault(byeReason);
	if (known !== undefined) return create(known, { ...details, serverReply: byeReason });
	return new MailError(saysTooManyConnections(byeReason) ? TOO_MANY_CONNECTIONS.code : code, {
		...details,
		serverReply: byeReason,
	});
}

function toConnectionLimit(error: Partial<ImapFlowError>): Meaning | undefined {
	const isSignInLimit =
		error.authenticationFailed === true &&
		(error.serverResponseCode ?? readResponseCode(error.response)) === 'LIMIT';
	return isSignInLimit || saysTooManyConnections(toReply(error)) ? TOO_MANY_CONNECTIONS : undefined;
}

/** A failed sign-in that no response code explains. */
function toAuthMeaning(error: Partial<ImapFlowError>): Meaning | undefined {
	if (error.authenticationFailed !== true) return undefined;
	// Without an answer of the server imapflow itself found no way to sign in: LOGINDISABLED, no mechanism.
	return error.response === undefined && error.responseStatus === undefined
		? { code: 'auth.unavailable' }
		: { code: 'auth.rejected' };
}

function create(meaning: Meaning, details: MailErrorDetails): MailError {
	const { code, retryable, title, remedy } = meaning;
	return new MailError(code, { ...details, retryable, title, remedy });
}

function lookUp(table: Readonly<Record<string, Meaning>>, key: unknown): Meaning | undefined {
	return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
}

/** imapflow names the response code for some commands; for the others it lies in the parsed answer. */
function readResponseCode(response: Partial<ImapFlowError>['response']): string | undefined {
	if (typeof response !== 'object') return undefined;
	const [first] = response.attributes ?? [];
	if (first === null || typeof first !== 'object' || !('section' in first)) return undefined;
	const [code] = first.section ?? [];
	if (code === null || typeof code !== 'object' || !('value' in code)) return undefined;
	return typeof code.value === 'string' ? code.value.toUpperCase() : undefined;
}

/** The server's words: of a tagged answer, or of the BYE that ended the connection. */
function toReply(error: Partial<ImapFlowError>): string | undefined {
	const words = [error.responseText, error.response, error.reason].find(
		(text): text is string => typeof text === 'string' && text !== '',
	);
	// The challenge in which XOAUTH2 explains its refusal, parsed.
	const status = readChallengeStatus(error.oauthError);
	return status === undefined ? words : withStatus(words ?? '', status);
}

function isObject(error: unknown): error is Partial<ImapFlowError> {
	return typeof error === 'object' && error !== null;
}
