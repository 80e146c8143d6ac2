import { createRedaction } from '../../../mail/check/redact';
import type { Connector, Server } from '../../../mail/connector';
import { Secret } from '../../../mail/secret';

function connector(password: string): Connector {
	const server: Server = { host: 'mail.example.com', port: 993, security: 'tls' };
	const login = { user: 'anna', password: new Secret(password) };
	return {
		name: 'Support',
		enabled: true,
		incoming: { protocol: 'imap', ...server, login, additionalMailbox: 'team' },
		outgoing: { ...server, login: { user: 'sender', password: new Secret('outgoing-pass') } },
		identity: { primaryAddress: 'a@example.com', fromAddress: 'a@example.com' },
		tls: {
			minVersion: 'TLSv1.2',
			allowUntrusted: false,
			clientCertificate: {
				pfxBase64: new Secret('MIIK'),
				passphrase: new Secret('certificate-pass'),
			},
		},
		limits: { connectionTimeoutMs: 1000, messagesPerSecond: 0, parallelConnections: 1 },
		proxyUrl: new Secret('socks5://user:proxy-pass@proxy.example.com'),
		sentCopy: 'automatic',
	};
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('what a check repeats of a server', () => {
	it('holds no secret of the connector, in clear or as SASL sends it', () => {
		const { redact } = createRedaction(connector('correct horse'));
		for (const secret of [
			'correct horse',
			'outgoing-pass',
			'certificate-pass',
			'proxy-pass',
			base64('correct horse'),
			base64('\0anna\0correct horse'),
			base64('team\0anna\0correct horse'),
			base64('\0sender\0outgoing-pass'),
		]) {
			expect(redact(`535 no: ${secret}, sorry`)).toBe('535 no: [secret], sorry');
		}
	});

	it('stays readable when the password is a part of ordinary words', () => {
		expect(createRedaction(connector('no')).redact('535 no such user')).toBe('535 no such user');
	});
});
