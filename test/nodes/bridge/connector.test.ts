import { inspect } from 'node:util';
import fc from 'fast-check';
import { isMailError, type MailErrorCode } from '../../../mail/errors';
import { requireIncoming, requireOutgoing, toConnector } from '../../../nodes/bridge/connector';
import { certificateAuthority } from '../../support/certificate';

const byHand = {
	emailService: 'other',
	incomingHost: 'imap.example.com',
	outgoingHost: 'smtp.example.com',
	user: 'support@example.com',
	password: 'correct horse',
};

function refusal(data: object): { code: MailErrorCode; subject?: string; remedy: string } {
	try {
		toConnector({ ...byHand, ...data });
	} catch (error) {
		if (isMailError(error)) return error;
		throw error;
	}
	throw new Error('was accepted');
}

describe('a connector read from a credential', () => {
	it('gets the defaults of the form', () => {
		const connector = toConnector(byHand);
		expect(connector).toMatchObject({
			name: 'support@example.com',
			enabled: true,
			incoming: { protocol: 'imap', host: 'imap.example.com', port: 993, security: 'tls' },
			outgoing: { host: 'smtp.example.com', port: 465, security: 'tls' },
			identity: { primaryAddress: 'support@example.com', fromAddress: 'support@example.com' },
			tls: { minVersion: 'TLSv1.2', allowUntrusted: false },
			limits: { connectionTimeoutMs: 15_000, messagesPerSecond: 0, parallelConnections: 5 },
			sentCopy: 'automatic',
		});
		expect(connector.incoming?.login.password?.reveal()).toBe('correct horse');
		expect(connector.outgoing?.login?.password?.reveal()).toBe('correct horse');
		expect(connector.tls.clientCertificate).toBeUndefined();
		expect(connector.testAddress).toBeUndefined();
	});

	it('takes the servers of a preset, whatever was typed before it was chosen', () => {
		const connector = toConnector({
			...byHand,
			emailService: 'office365Imap',
			outgoingPort: 25,
			parallelConnections: 10,
			authentication: 'none',
		});
		expect(connector.incoming).toMatchObject({ host: 'outlook.office365.com', port: 993 });
		expect(connector.outgoing).toMatchObject({
			host: 'smtp.office365.com',
			port: 587,
			security: 'starttls',
			login: { user: 'support@example.com' },
		});
		expect(connector.limits.parallelConnections).toBe(3);
	});

	it('reads by POP3 where that is chosen, on the port of POP3', () => {
		const { incoming, sentCopy } = toConnector({
			...byHand,
			incomingProtocol: 'pop3',
			incomingPort: 993,
			sentCopy: 'always',
		});
		expect(incoming).toMatchObject({ protocol: 'pop3', port: 995, security: 'tls' });
		// There is no folder for it.
		expect(sentCopy).toBe('never');
		const { incoming: own } = toConnector({ ...byHand, incomingProtocol: 'pop3', pop3Port: 110 });
		expect(own?.port).toBe(110);
	});

	it.each([
		['gmailPop3', 'pop.gmail.com'],
		['office365Pop3', 'outlook.office365.com'],
	])('takes the protocol of the preset %s, whatever was chosen before', (emailService, host) => {
		const connector = toConnector({ ...byHand, emailService, incomingProtocol: 'imap' });
		expect(connector.incoming).toMatchObject({
			protocol: 'pop3',
			host,
			port: 995,
			security: 'tls',
		});
		const imap = toConnector({ ...byHand, emailService: 'yahoo', incomingProtocol: 'pop3' });
		expect(imap.incoming?.protocol).toBe('imap');
	});

	it("knows that Gmail's recent: is a way of reading by POP, and no part of the account", () => {
		const { incoming, outgoing, identity } = toConnector({
			...byHand,
			emailService: 'gmailPop3',
			user: 'recent:ada@gmail.com',
		});
		expect(incoming?.login.user).toBe('recent:ada@gmail.com');
		expect(outgoing?.login?.user).toBe('ada@gmail.com');
		expect(identity.primaryAddress).toBe('ada@gmail.com');
	});

	it('leaves out the side that is not used', () => {
		const incoming = toConnector({ ...byHand, useFor: 'incoming', outgoingHost: '' });
		expect(incoming.outgoing).toBeUndefined();
		const outgoing = toConnector({ ...byHand, useFor: 'outgoing', incomingHost: undefined });
		expect(outgoing.incoming).toBeUndefined();
		expect(outgoing.outgoing?.login?.user).toBe('support@example.com');
	});

	it('signs in with other credentials for outgoing where that is chosen', () => {
		const own = { sameCredentials: false, outgoingUser: 'sender', outgoingPassword: ' blank ' };
		const { outgoing } = toConnector({ ...byHand, ...own });
		expect(outgoing?.login?.user).toBe('sender');
		expect(outgoing?.login?.password?.reveal()).toBe(' blank ');
		// The form hides these fields when only one account is left.
		expect(toConnector({ ...byHand, ...own, useFor: 'outgoing' }).outgoing?.login?.user).toBe(
			'support@example.com',
		);
	});

	it('relays through Office 365 without sign-in or with a certificate', () => {
		const relay = {
			emailService: 'office365Relay',
			outgoingHost: 'contoso-com.mail.protection.outlook.com',
			primaryAddress: 'noreply@contoso.com',
		};
		const open = toConnector({ ...relay, useFor: 'incoming' });
		expect(open.incoming).toBeUndefined();
		expect(open.outgoing).toEqual({
			host: 'contoso-com.mail.protection.outlook.com',
			port: 25,
			security: 'starttls',
		});
		const { outgoing, tls } = toConnector({
			...relay,
			relayAuthentication: 'certificate',
			pfx: 'MIIK\nabcd==',
		});
		expect(outgoing?.login).toBeUndefined();
		expect(tls.clientCertificate?.pfxBase64.reveal()).toBe('MIIKabcd==');
		expect(tls.clientCertificate?.passphrase.reveal()).toBe('');
	});

	it('can show a client certificate beside the password', () => {
		const { incoming, tls } = toConnector({
			...byHand,
			useFor: 'incoming',
			clientCertificate: true,
			pfx: 'data:application/x-pkcs12;base64,MIIKabcd',
			pfxPassword: 'x',
		});
		expect(incoming?.login.user).toBe('support@example.com');
		expect(tls.clientCertificate?.passphrase.reveal()).toBe('x');
	});

	it('reads numbers that expressions give as text, and takes 0 for a number', () => {
		const { incoming, limits } = toConnector({
			...byHand,
			incomingPort: '1993',
			messagesPerSecond: 0,
			parallelConnections: '',
		});
		expect(incoming?.port).toBe(1993);
		expect(limits).toMatchObject({ messagesPerSecond: 0, parallelConnections: 5 });
		expect(refusal({ incomingPort: 0 }).subject).toMatch(/^Incoming Port: /);
	});

	it('knows a fingerprint however tools print it', () => {
		const hex = 'ab'.repeat(32);
		const colons = hex.toUpperCase().match(/../g)?.join(':') ?? '';
		for (const written of [hex, colons, `SHA256:${hex}`, `sha256 Fingerprint=${colons}`]) {
			expect(toConnector({ ...byHand, pinnedFingerprint: written }).tls.pinnedFingerprint).toBe(
				hex,
			);
		}
	});

	it('takes CA certificates with real or escaped line breaks', async () => {
		const { certificatePem } = await certificateAuthority();
		const escaped = certificatePem.replaceAll('\n', '\\n');
		for (const caPem of [certificatePem, escaped]) {
			expect(toConnector({ ...byHand, caPem }).tls.caPem).toBe(certificatePem.trim());
		}
	});

	it.each([
		[{ incomingHost: '' }, 'Incoming Host'],
		[{ incomingHost: 'imap.example.com:993' }, 'Incoming Host'],
		[{ outgoingHost: 'https://smtp.example.com' }, 'Outgoing Host'],
		[{ outgoingPort: 70_000 }, 'Outgoing Port'],
		[{ outgoingPort: 'smtp' }, 'Outgoing Port'],
		[{ incomingSecurity: 'ssl' }, 'Incoming Security'],
		[{ emailService: 'hotmail' }, 'Email Service'],
		[{ user: ' ' }, 'User'],
		[{ password: '' }, 'Password'],
		[{ sameCredentials: false }, 'Outgoing User'],
		[{ sameCredentials: false, outgoingUser: 'a' }, 'Outgoing Password'],
		[{ authentication: 'certificate' }, 'Certificate (.pfx as Base64)'],
		[{ authentication: 'certificate', pfx: '-----BEGIN' }, 'Certificate (.pfx as Base64)'],
		[{ user: 'support' }, 'Primary Address'],
		[{ primaryAddress: 'support' }, 'Primary Address'],
		[{ fromAddress: 'a@example.com, b@example.com' }, 'From Address'],
		[{ replyTo: 'a@b@c' }, 'Reply-To'],
		[{ testAddress: 'me' }, 'Send a Test Email To'],
		[{ connectionTimeoutMs: 10 }, 'Connection Timeout (Ms)'],
		[{ messagesPerSecond: -1 }, 'Messages per Second'],
		[{ parallelConnections: 1.5 }, 'Parallel Connections'],
		[{ proxyUrl: 'proxy.example.com:1080' }, 'Proxy URL'],
		[{ pinnedFingerprint: 'ab:cd' }, 'Pinned Fingerprint'],
		[{ caPem: '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----' }, 'CA Certificates'],
		[{ enabled: 'yes' }, 'Enabled'],
	])('names the field at fault: %j', (data, label) => {
		const error = refusal(data);
		expect(error.code).toBe('settings.invalid');
		expect(error.subject?.startsWith(`${label}: `)).toBe(true);
	});

	it('needs no primary address where the user is one', () => {
		expect(toConnector({ ...byHand, user: 'a@example.com' }).name).toBe('a@example.com');
		const named = toConnector({ ...byHand, user: 'a', primaryAddress: 'b@example.com' }, 'Support');
		expect(named).toMatchObject({ name: 'Support', identity: { fromAddress: 'b@example.com' } });
	});

	it('refuses data that is no object', () => {
		expect(() => toConnector(undefined)).toThrow(/Incoming Host: must be filled/);
		expect(() => toConnector('text')).toThrow(/no readable fields/);
	});

	it('shows no secret wherever it is printed, and none in an error', () => {
		const secret = fc.stringMatching(/^[a-z0-9]{12,20}$/);
		fc.assert(
			fc.property(secret, secret, secret, secret, secret, (a, b, c, d, e) => {
				const data = {
					...byHand,
					authentication: 'certificate',
					password: a,
					outgoingPassword: b,
					pfx: `M${c}`,
					pfxPassword: d,
					proxyUrl: `socks5://user:${e}@proxy.example.com`,
				};
				const connector = toConnector(data);
				const printed = [
					JSON.stringify(connector),
					inspect(connector, { depth: null, showHidden: true }),
					`${connector.proxyUrl}${connector.incoming?.login.password}`,
				].join();
				for (const value of [a, b, c, d, e]) expect(printed).not.toContain(value);

				for (const field of ['pfx', 'proxyUrl', 'caPem', 'pinnedFingerprint']) {
					const error = refusal({ ...data, [field]: `!${a}` });
					expect(inspect(error, { depth: null })).not.toContain(a);
				}
			}),
			{ numRuns: 50 },
		);
	});
});

describe('the side of a connector that a node asks for', () => {
	it('is given where the connector has it', () => {
		const connector = toConnector(byHand);
		expect(requireIncoming(connector)).toBe(connector.incoming);
		expect(requireOutgoing(connector)).toBe(connector.outgoing);
	});

	it('is refused by name where the connector is made for the other side', () => {
		const incoming = toConnector({ ...byHand, useFor: 'incoming' }, 'Inbox');
		expect(() => requireOutgoing(incoming)).toThrow(
			'The connector is not made for this ("Inbox" is for incoming e-mail only)',
		);
		const outgoing = toConnector({ ...byHand, useFor: 'outgoing' }, 'Outbox');
		expect(() => requireIncoming(outgoing)).toThrow(/"Outbox" is for outgoing e-mail only/);
	});

	it('is refused while the connector is switched off', () => {
		const off = toConnector({ ...byHand, enabled: false }, 'Support');
		expect(() => requireIncoming(off)).toThrow('The connector is switched off ("Support")');
		expect(() => requireOutgoing(off)).toThrow('The connector is switched off ("Support")');
	});
});
