import type { MailErrorCode } from '../errors';

/** Faults that do not pass by themselves: the user is told, and the server is asked rarely. */
export const lastingFaults: ReadonlySet<MailErrorCode> = new Set([
	'auth.rejected',
	'auth.tokenRejected',
	'auth.expired',
	'auth.notConnected',
	'auth.unavailable',
	'auth.certificate',
	'auth.permission',
	'auth.locked',
	'mailbox.missing',
	'tls.untrusted',
	'tls.expired',
	'tls.wrongHost',
	'tls.fingerprint',
	'tls.plainServer',
	'tls.expected',
	'tls.noStarttls',
	'connector.disabled',
	'connector.wrongUse',
	'settings.invalid',
]);
