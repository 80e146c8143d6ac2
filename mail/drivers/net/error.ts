import { isMailError, MailError, type MailErrorCode } from '../../errors';

interface Meaning {
	readonly code: MailErrorCode;
	readonly retryable: boolean;
}

const again = (code: MailErrorCode): Meaning => ({ code, retryable: true });
const final = (code: MailErrorCode): Meaning => ({ code, retryable: false });

/**
 * Codes of Node (errno, OpenSSL's X509_V_ERR_* and SSL reasons) and the two time limits of imapflow and
 * nodemailer that fall before a session exists.
 */
const meanings: Readonly<Record<string, Meaning>> = {
	ENOTFOUND: again('connection.unknownHost'),
	EAI_AGAIN: again('connection.unknownHost'),
	EAI_FAIL: again('connection.unknownHost'),
	EAI_NODATA: again('connection.unknownHost'),
	EAI_NONAME: again('connection.unknownHost'),
	EDNS: again('connection.unknownHost'),
	ECONNREFUSED: again('connection.refused'),
	EACCES: again('connection.refused'),
	EPERM: again('connection.refused'),
	ETIMEDOUT: again('connection.timeout'),
	ETIMEOUT: again('connection.timeout'),
	CONNECT_TIMEOUT: again('connection.timeout'),
	GREETING_TIMEOUT: again('connection.timeout'),
	UPGRADE_TIMEOUT: again('connection.timeout'),
	EHOSTUNREACH: again('connection.unreachable'),
	ENETUNREACH: again('connection.unreachable'),
	EHOSTDOWN: again('connection.unreachable'),
	ENETDOWN: again('connection.unreachable'),
	EADDRNOTAVAIL: again('connection.unreachable'),
	ECONNRESET: again('connection.lost'),
	ECONNABORTED: again('connection.lost'),
	EPIPE: again('connection.lost'),
	ERR_STREAM_PREMATURE_CLOSE: again('connection.lost'),
	ERR_STREAM_DESTROYED: again('connection.lost'),

	DEPTH_ZERO_SELF_SIGNED_CERT: final('tls.untrusted'),
	SELF_SIGNED_CERT_IN_CHAIN: final('tls.untrusted'),
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: final('tls.untrusted'),
	UNABLE_TO_GET_ISSUER_CERT: final('tls.untrusted'),
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: final('tls.untrusted'),
	CERT_UNTRUSTED: final('tls.untrusted'),
	CERT_REJECTED: final('tls.untrusted'),
	CERT_REVOKED: final('tls.untrusted'),
	CERT_SIGNATURE_FAILURE: final('tls.untrusted'),
	CERT_CHAIN_TOO_LONG: final('tls.untrusted'),
	INVALID_CA: final('tls.untrusted'),
	INVALID_PURPOSE: final('tls.untrusted'),
	CA_MD_TOO_WEAK: final('tls.untrusted'),
	EE_KEY_TOO_SMALL: final('tls.untrusted'),
	CERT_HAS_EXPIRED: final('tls.expired'),
	CERT_NOT_YET_VALID: final('tls.expired'),
	ERR_TLS_CERT_ALTNAME_INVALID: final('tls.wrongHost'),
	HOSTNAME_MISMATCH: final('tls.wrongHost'),

	// What OpenSSL reads where a plain server sends its greeting instead of a TLS record.
	ERR_SSL_WRONG_VERSION_NUMBER: final('tls.plainServer'),
	ERR_SSL_PACKET_LENGTH_TOO_LONG: final('tls.plainServer'),
	ERR_SSL_HTTP_REQUEST: final('tls.plainServer'),
	EPROTO: final('tls.failed'),

	ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: final('auth.certificate'),
	ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: final('auth.certificate'),
	ERR_SSL_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE: final('auth.certificate'),
	ERR_SSL_SSLV3_ALERT_CERTIFICATE_REVOKED: final('auth.certificate'),
	ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: final('auth.certificate'),
	ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN: final('auth.certificate'),
	ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: final('auth.certificate'),
};

/** Every other reason of OpenSSL ends a handshake: no common version, no common cipher, weak keys. */
function toMeaning(code: string): Meaning | undefined {
	return (
		(Object.hasOwn(meanings, code) ? meanings[code] : undefined) ??
		(/^ERR_(SSL|OSSL|TLS)_/.test(code) ? final('tls.failed') : undefined)
	);
}

/** How deep a chain of causes is followed; ours has at most three links, the bound is against cycles. */
const CAUSE_DEPTH = 8;

/**
 * Translates a failure of DNS, TCP, proxy or TLS. A `MailError` anywhere in the chain of causes is given
 * back as it is. Only codes are looked at, never messages; an unknown failure is a lost connection.
 *
 * @param where the server, `imap.example.com:993`, see `toWhere` in endpoint.ts
 */
export function toConnectionError(error: unknown, where: string): MailError {
	return findConnectionError(error, where) ?? lost(error, where);
}

/** As `toConnectionError`; undefined where nothing in the error tells of a connection. */
export function findConnectionError(error: unknown, where: string): MailError | undefined {
	for (const link of chain(error)) {
		if (isMailError(link)) return link;
		for (const code of codesOf(link)) {
			const meaning = toMeaning(code);
			if (meaning !== undefined) {
				return new MailError(meaning.code, {
					subject: where,
					retryable: meaning.retryable,
					cause: error,
				});
			}
		}
	}
	return undefined;
}

function lost(cause: unknown, where: string): MailError {
	return new MailError('connection.lost', { subject: where, retryable: true, cause });
}

function* chain(error: unknown): Generator<object> {
	let link = error;
	for (let depth = 0; depth < CAUSE_DEPTH && typeof link === 'object' && link !== null; depth++) {
		yield link;
		// imapflow keeps the origin in `_err`.
		link = 'cause' in link ? link.cause : '_err' in link ? link._err : undefined;
	}
}

function* codesOf(link: object): Generator<string> {
	// nodemailer puts a class of its own (ESOCKET) into `code` and keeps Node's in `originalCode`.
	if ('originalCode' in link && typeof link.originalCode === 'string') yield link.originalCode;
	if ('code' in link && typeof link.code === 'string') yield link.code;
	// Several addresses were tried (RFC 8305): the last failure is as good as the first.
	if ('errors' in link && Array.isArray(link.errors)) {
		for (const inner of link.errors as unknown[]) {
			if (typeof inner === 'object' && inner !== null && inner !== link) yield* codesOf(inner);
		}
	}
}
