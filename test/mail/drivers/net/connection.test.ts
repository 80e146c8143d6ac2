import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import * as tls from 'node:tls';
import type { Security, TlsPolicy } from '../../../../mail/connector';
import { openConnection, type Protocol } from '../../../../mail/drivers/net/connection';
import { Secret } from '../../../../mail/secret';
import {
	eachLine,
	fixture,
	identity,
	listen,
	listenTls,
	trustEverything,
	trustTestAuthority,
	type LocalServer,
} from './local-server';
import { startHttpProxy } from './proxy-server';

const opened: Array<{ close(): Promise<void> }> = [];
async function track<T extends LocalServer>(server: Promise<T>): Promise<T> {
	opened.push(await server);
	return await server;
}
afterEach(async () => {
	await Promise.all(opened.splice(0).map(async (server) => await server.close()));
});

const fingerprint = new X509Certificate(fixture('server.pem')).fingerprint256
	.replaceAll(':', '')
	.toLowerCase();
const untrusting: TlsPolicy = { ...trustTestAuthority, caPem: undefined };
const pinned: TlsPolicy = { ...untrusting, pinnedFingerprint: fingerprint };
const wronglyPinned: TlsPolicy = { ...untrusting, pinnedFingerprint: 'ab'.repeat(32) };

async function open(
	server: LocalServer,
	security: Security,
	policy: TlsPolicy,
	options: { protocol?: Protocol; timeoutMs?: number; proxyUrl?: Secret; host?: string } = {},
) {
	return await openConnection(
		{ host: options.host ?? server.host, port: server.port, security },
		{ protocol: 'imap', timeoutMs: 3_000, tls: policy, ...options },
	);
}

async function firstBytes(socket: Socket): Promise<string> {
	const [chunk] = (await once(socket, 'data')) as [Buffer];
	socket.destroy();
	return chunk.toString();
}

const imaps = async (options: tls.TlsOptions = identity('server')) =>
	await track(listenTls(options, (socket) => socket.write('* OK hello\r\n')));

interface StarttlsScript {
	readonly offered?: boolean;
	/** Sent behind the OK, before TLS. */
	readonly injected?: string;
}

/** An IMAP server as far as STARTTLS; after TLS it echoes what it hears. */
const imapWithStarttls = async ({ offered = true, injected = '' }: StarttlsScript = {}) =>
	await track(
		listen((socket) => {
			socket.write('* OK [CAPABILITY IMAP4rev1] hello\r\n');
			eachLine(socket, (line) => {
				const [tag, command] = line.split(' ');
				if (command === 'CAPABILITY') {
					socket.write(`* CAPABILITY IMAP4rev1${offered ? ' STARTTLS' : ''}\r\n${tag} OK done\r\n`);
				}
				if (command !== 'STARTTLS') return;
				socket.write(`${tag} OK begin\r\n${injected}`);
				const secured = new tls.TLSSocket(socket, { isServer: true, ...identity('server') });
				secured.on('error', () => undefined);
				secured.on('data', (data) => secured.write(data));
				return 'stop';
			});
		}),
	);

/** The same for SMTP. */
const smtpWithStarttls = async ({ offered = true }: StarttlsScript = {}) =>
	await track(
		listen((socket) => {
			socket.write('220-mail.test\r\n220 ready\r\n');
			eachLine(socket, (line) => {
				if (line.startsWith('EHLO ')) {
					socket.write(`250-mail.test\r\n${offered ? '250-STARTTLS\r\n' : ''}250 SIZE\r\n`);
				}
				if (line !== 'STARTTLS') return;
				socket.write('220 go ahead\r\n');
				const secured = new tls.TLSSocket(socket, { isServer: true, ...identity('server') });
				secured.on('error', () => undefined);
				secured.on('data', (data) => secured.write(data));
				return 'stop';
			});
		}),
	);

describe('openConnection with TLS from the first byte', () => {
	it('trusts a certificate of the given authority', async () => {
		const { socket, secured } = await open(await imaps(), 'tls', trustTestAuthority);
		expect(secured).toBe(true);
		expect(await firstBytes(socket)).toBe('* OK hello\r\n');
	});

	it('refuses a certificate that nobody vouches for, and tells its fingerprint', async () => {
		const opening = open(await imaps(), 'tls', untrusting);
		await expect(opening).rejects.toMatchObject({
			code: 'tls.untrusted',
			subject: expect.stringContaining(`SHA-256 ${fingerprint}`) as string,
		});
	});

	it('takes any certificate where the connector gave up the check', async () => {
		const { socket } = await open(await imaps(identity('expired')), 'tls', trustEverything);
		expect(await firstBytes(socket)).toBe('* OK hello\r\n');
	});

	it.each([
		['expired', 'tls.expired'],
		['elsewhere', 'tls.wrongHost'],
	] as const)('refuses the certificate "%s"', async (name, code) => {
		await expect(
			open(await imaps(identity(name)), 'tls', trustTestAuthority),
		).rejects.toMatchObject({ code });
	});

	it('checks a host name against the certificate, too', async () => {
		const server = await imaps(identity('elsewhere'));
		await expect(
			open(server, 'tls', trustTestAuthority, { host: 'localhost' }),
		).rejects.toMatchObject({ code: 'tls.wrongHost' });
	});

	it('takes a pinned certificate without any authority', async () => {
		const { socket } = await open(await imaps(), 'tls', pinned);
		expect(await firstBytes(socket)).toBe('* OK hello\r\n');
	});

	it.each([
		['a certificate with another fingerprint', wronglyPinned],
		[
			'it even where untrusted certificates are allowed',
			{ ...wronglyPinned, allowUntrusted: true },
		],
	])('refuses %s', async (_title, policy) => {
		const heard: Buffer[] = [];
		const server = await track(
			listenTls(identity('server'), (socket) => socket.on('data', (data) => heard.push(data))),
		);
		await expect(open(server, 'tls', policy)).rejects.toMatchObject({ code: 'tls.fingerprint' });
		expect(heard).toEqual([]);
	});

	it('says that a plain server speaks no TLS', async () => {
		const server = await track(listen((socket) => socket.write('* OK hello\r\n')));
		await expect(open(server, 'tls', trustEverything)).rejects.toMatchObject({
			code: 'tls.plainServer',
		});
	});

	it('says that no TLS version was agreed', async () => {
		const server = await imaps({ ...identity('server'), maxVersion: 'TLSv1.2' });
		await expect(
			open(server, 'tls', { ...trustTestAuthority, minVersion: 'TLSv1.3' }),
		).rejects.toMatchObject({ code: 'tls.failed' });
	});

	it('reaches a server that knows TLS 1.0 only, where the connector allows it', async () => {
		const old: tls.TlsOptions = {
			...identity('server'),
			minVersion: 'TLSv1',
			maxVersion: 'TLSv1',
			ciphers: 'DEFAULT@SECLEVEL=0',
		};
		const { socket } = await open(await imaps(old), 'tls', {
			...trustTestAuthority,
			minVersion: 'TLSv1',
		});
		expect(await firstBytes(socket)).toBe('* OK hello\r\n');
	});

	it('gives up on a server that never answers the handshake', async () => {
		const server = await track(listen(() => undefined));
		await expect(open(server, 'tls', trustEverything, { timeoutMs: 150 })).rejects.toMatchObject({
			code: 'connection.timeout',
		});
	});

	it('goes through a proxy that itself speaks TLS', async () => {
		const proxy = await track(startHttpProxy({ tls: true }));
		// The proxy's certificate is checked against the built-in authorities, which do not know it.
		await expect(
			open(await imaps(), 'tls', trustTestAuthority, {
				proxyUrl: new Secret(`https://127.0.0.1:${proxy.port}`),
			}),
		).rejects.toMatchObject({ code: 'connection.proxy' });
	});
});

describe('openConnection with a client certificate', () => {
	const asking = { ...identity('server'), requestCert: true, ca: fixture('ca.pem') };
	const withPfx = (name: string, passphrase: string): TlsPolicy => ({
		...trustTestAuthority,
		clientCertificate: {
			pfxBase64: new Secret(fixture(name).toString('base64')),
			passphrase: new Secret(passphrase),
		},
	});

	it.each([
		['modern', 'client.pfx'],
		['encrypted with RC2, which OpenSSL has retired', 'retired.pfx'],
	])('shows it to the server: %s', async (_title, name) => {
		const { socket } = await open(await imaps(asking), 'tls', withPfx(name, 'secret'));
		expect(await firstBytes(socket)).toBe('* OK hello\r\n');
	});

	it.each([
		['wrong password', withPfx('client.pfx', 'wrong'), 'wrong password of the .pfx'],
		['broken file', withPfx('ca.pem', 'secret'), 'the text is not a .pfx file'],
	])('tells what is wrong with it: %s', async (_title, policy, subject) => {
		const failure: unknown = await open(await imaps(asking), 'tls', policy).catch(
			(e: unknown) => e,
		);
		expect(failure).toMatchObject({ code: 'auth.certificate', subject });
	});

	it('tells that the authorities are not PEM', async () => {
		await expect(
			open(await imaps(), 'tls', { ...trustTestAuthority, caPem: 'no certificate' }),
		).rejects.toMatchObject({ code: 'settings.invalid', subject: 'CA certificates' });
	});
});

describe('openConnection with STARTTLS', () => {
	it.each([
		['imap', imapWithStarttls, '* OK ready\r\n'],
		['smtp', smtpWithStarttls, '220 ready\r\n'],
	] as const)('upgrades %s and gives its library a greeting', async (protocol, start, greeting) => {
		const { socket, secured } = await open(await start(), 'starttls', trustTestAuthority, {
			protocol,
		});
		expect(secured).toBe(true);
		const [hello] = (await once(socket, 'data')) as [Buffer];
		expect(hello.toString()).toBe(greeting);
		socket.write('echo');
		expect(await firstBytes(socket)).toBe('echo');
	});

	it.each([
		['imap', imapWithStarttls, '* OK [CAPABILITY IMAP4rev1] hello\r\n'],
		['smtp', smtpWithStarttls, '220-mail.test\r\n220 ready\r\n'],
	] as const)('leaves %s as it is where nothing is offered', async (protocol, start, greeting) => {
		const server = await start({ offered: false });
		await expect(open(server, 'starttls', trustTestAuthority, { protocol })).rejects.toMatchObject({
			code: 'tls.noStarttls',
		});

		const { socket, secured } = await open(server, 'starttlsIfOffered', trustTestAuthority, {
			protocol,
		});
		expect(secured).toBe(false);
		expect(await firstBytes(socket)).toBe(greeting);
	});

	it('checks the certificate also where TLS was optional', async () => {
		await expect(
			open(await imapWithStarttls(), 'starttlsIfOffered', untrusting),
		).rejects.toMatchObject({ code: 'tls.untrusted' });
	});

	it('checks a pinned fingerprint, right and wrong', async () => {
		const server = await imapWithStarttls();
		const { socket, secured } = await open(server, 'starttls', pinned);
		socket.destroy();
		expect(secured).toBe(true);
		await expect(open(server, 'starttls', wronglyPinned)).rejects.toMatchObject({
			code: 'tls.fingerprint',
		});
	});

	it('does not believe what was said behind the answer in clear text', async () => {
		const server = await imapWithStarttls({ injected: '* OK injected\r\n' });
		await expect(open(server, 'starttls', trustTestAuthority)).rejects.toMatchObject({
			code: 'tls.failed',
		});
	});

	it('does not protect a session that is signed in already', async () => {
		const server = await track(listen((socket) => socket.write('* PREAUTH hello\r\n')));
		await expect(open(server, 'starttls', trustTestAuthority)).rejects.toMatchObject({
			code: 'tls.noStarttls',
		});
	});

	it.each([
		['imap', '* BYE too many connections\r\n', 'server.unavailable'],
		['imap', '220 mail.test ESMTP\r\n', 'server.protocol'],
		['smtp', '421 too busy\r\n', 'server.unavailable'],
		['smtp', '* OK hello\r\n', 'server.protocol'],
		['imap', 'x'.repeat(50_000), 'server.protocol'],
	] as const)('%s: tells what "%.30s" means', async (protocol, greeting, code) => {
		const server = await track(listen((socket) => socket.write(greeting)));
		await expect(open(server, 'starttls', trustTestAuthority, { protocol })).rejects.toMatchObject({
			code,
		});
	});

	it('tells a server that hangs up from one that refuses', async () => {
		const server = await track(listen((socket) => socket.end()));
		await expect(open(server, 'starttls', trustTestAuthority)).rejects.toMatchObject({
			code: 'connection.lost',
		});
	});
});

describe('openConnection in clear text', () => {
	it('leaves the greeting to the library', async () => {
		const server = await track(listen((socket) => socket.write('* OK hello\r\n')));
		const { socket, secured } = await open(server, 'none', trustTestAuthority);
		expect(secured).toBe(false);
		expect(await firstBytes(socket)).toBe('* OK hello\r\n');
	});

	it.each(['none', 'starttls'] as const)(
		'finds out that a silent server waits for TLS (%s)',
		async (security) => {
			await expect(
				open(await imaps(), security, trustTestAuthority, { timeoutMs: 1_000 }),
			).rejects.toMatchObject({ code: 'tls.expected' });
		},
	);

	it('gives up on a server that says nothing at all', async () => {
		const server = await track(listen(() => undefined));
		await expect(
			open(server, 'none', trustTestAuthority, { timeoutMs: 200 }),
		).rejects.toMatchObject({ code: 'connection.timeout' });
	});
});
