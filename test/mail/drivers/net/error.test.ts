import { MailError } from '../../../../mail/errors';
import { findConnectionError, toConnectionError } from '../../../../mail/drivers/net/error';
import { toWhere } from '../../../../mail/drivers/net/endpoint';

const withCode = (code: string) => Object.assign(new Error('prose'), { code });

describe('toConnectionError', () => {
	it.each([
		['ENOTFOUND', 'connection.unknownHost', true],
		['EAI_AGAIN', 'connection.unknownHost', true],
		['ECONNREFUSED', 'connection.refused', true],
		['ETIMEDOUT', 'connection.timeout', true],
		['CONNECT_TIMEOUT', 'connection.timeout', true],
		['EHOSTUNREACH', 'connection.unreachable', true],
		['ECONNRESET', 'connection.lost', true],
		['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls.untrusted', false],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls.untrusted', false],
		['CERT_NOT_YET_VALID', 'tls.expired', false],
		['ERR_TLS_CERT_ALTNAME_INVALID', 'tls.wrongHost', false],
		['ERR_SSL_WRONG_VERSION_NUMBER', 'tls.plainServer', false],
		['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls.failed', false],
		['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'auth.certificate', false],
	])('translates %s', (code, expected, retryable) => {
		expect(toConnectionError(withCode(code), 'imap.test:993')).toMatchObject({
			code: expected,
			retryable,
			subject: 'imap.test:993',
		});
	});

	it('looks below the codes that libraries put on top', () => {
		const wrapped = Object.assign(withCode('ESOCKET'), { originalCode: 'ECONNREFUSED' });
		expect(toConnectionError(wrapped, 'x').code).toBe('connection.refused');
		const caused = new Error('outer', { cause: withCode('CERT_HAS_EXPIRED') });
		expect(toConnectionError(caused, 'x').code).toBe('tls.expired');
		const several = new AggregateError([withCode('ENETUNREACH'), withCode('ECONNREFUSED')]);
		expect(toConnectionError(several, 'x').code).toBe('connection.unreachable');
	});

	it('gives back a MailError, also from inside another error', () => {
		const original = new MailError('tls.fingerprint');
		expect(toConnectionError(original, 'x')).toBe(original);
		expect(toConnectionError(new Error('outer', { cause: original }), 'x')).toBe(original);
	});

	it('takes everything else for a lost connection, and survives a cycle of causes', () => {
		const cyclic: Error & { cause?: unknown } = new Error('round');
		cyclic.cause = cyclic;
		expect(toConnectionError(cyclic, 'x').code).toBe('connection.lost');
		expect(toConnectionError('text', 'x').code).toBe('connection.lost');
		expect(findConnectionError(withCode('constructor'), 'x')).toBeUndefined();
	});
});

describe('toWhere', () => {
	it('writes an IPv6 address in brackets', () => {
		expect(toWhere({ host: '2001:db8::1', port: 993 })).toBe('[2001:db8::1]:993');
	});
});
