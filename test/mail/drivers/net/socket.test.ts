import { once } from 'node:events';
import type { Socket } from 'node:net';
import { openSocket } from '../../../../mail/drivers/net/socket';
import { Secret } from '../../../../mail/secret';
import { listen, type LocalServer } from './local-server';
import { startHttpProxy, startSocksProxy, type ProxyServer } from './proxy-server';

const opened: Array<{ close(): Promise<void> }> = [];
async function track<T extends LocalServer>(server: Promise<T>): Promise<T> {
	opened.push(await server);
	return await server;
}
afterEach(async () => {
	await Promise.all(opened.splice(0).map(async (server) => await server.close()));
});

const greeter = async () => await track(listen((socket) => socket.write('* OK hello\r\n')));
const proxied = (proxy: ProxyServer, scheme: string, login = '') => ({
	timeoutMs: 2_000,
	proxyUrl: new Secret(`${scheme}://${login}127.0.0.1:${proxy.port}`),
});

async function readGreeting(socket: Socket): Promise<string> {
	const [chunk] = (await once(socket, 'data')) as [Buffer];
	socket.destroy();
	return chunk.toString();
}

describe('openSocket', () => {
	it('opens a connection from which nothing was read', async () => {
		const socket = await openSocket(await greeter(), { timeoutMs: 2_000 });
		expect(await readGreeting(socket)).toBe('* OK hello\r\n');
	});

	it.each([
		[25, /cloud providers block port 25/],
		[587, /^(?!.*block).*$/],
	])('suspects the network where nothing comes from port %d', async (port, remedy) => {
		const silent = await track(listen(() => undefined));
		const proxyUrl = new Secret(`http://127.0.0.1:${silent.port}`);
		await expect(
			openSocket({ host: 'mx.example.com', port }, { timeoutMs: 200, proxyUrl }),
		).rejects.toMatchObject({ code: 'connection.timeout', remedy: expect.stringMatching(remedy) });
	});

	it('says which server refused', async () => {
		const server = await greeter();
		await server.close();
		opened.pop();
		await expect(openSocket(server, { timeoutMs: 2_000 })).rejects.toMatchObject({
			code: 'connection.refused',
			retryable: true,
			subject: `127.0.0.1:${server.port}`,
		});
	});

	it('names an unknown host', async () => {
		const server = { host: 'nothing.invalid', port: 993 };
		await expect(openSocket(server, { timeoutMs: 5_000 })).rejects.toMatchObject({
			code: 'connection.unknownHost',
			subject: 'nothing.invalid:993',
		});
	});

	it('stops when the caller gives up', async () => {
		const proxy = await track(listen(() => undefined));
		const abort = new AbortController();
		const opening = openSocket(
			{ host: 'imap.test', port: 993 },
			{
				timeoutMs: 60_000,
				signal: abort.signal,
				proxyUrl: new Secret(`http://127.0.0.1:${proxy.port}`),
			},
		);
		abort.abort();
		await expect(opening).rejects.toMatchObject({ code: 'connection.lost' });
	});
});

describe('openSocket through a proxy', () => {
	it('asks an HTTP proxy for the server by name, with user and password', async () => {
		const [server, proxy] = [await greeter(), await track(startHttpProxy())];
		const socket = await openSocket(
			{ host: 'localhost', port: server.port },
			proxied(proxy, 'http', 'an%40user:p%25ss@'),
		);
		expect(await readGreeting(socket)).toBe('* OK hello\r\n');
		expect(proxy.requests).toEqual([
			{ target: `localhost:${server.port}`, credentials: 'an@user:p%ss' },
		]);
	});

	it('asks a SOCKS5 proxy for the server by name, with user and password', async () => {
		const [server, proxy] = [await greeter(), await track(startSocksProxy())];
		const socket = await openSocket(
			{ host: 'localhost', port: server.port },
			proxied(proxy, 'socks5', 'user:secret@'),
		);
		expect(await readGreeting(socket)).toBe('* OK hello\r\n');
		expect(proxy.requests).toEqual([
			{ target: `localhost:${server.port}`, credentials: 'user:secret' },
		]);
	});

	it('keeps a greeting that arrives together with the answer of the SOCKS proxy', async () => {
		const proxy = await track(
			listen((client) => {
				client.once('data', () => {
					client.write(Buffer.from([5, 0]));
					client.once('data', () =>
						client.write(
							Buffer.concat([
								Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 0]),
								Buffer.from('* OK early\r\n'),
							]),
						),
					);
				});
			}),
		);
		const socket = await openSocket(
			{ host: 'imap.test', port: 143 },
			{ timeoutMs: 2_000, proxyUrl: new Secret(`socks5://127.0.0.1:${proxy.port}`) },
		);
		expect(await readGreeting(socket)).toBe('* OK early\r\n');
	});

	it('tells what the HTTP proxy answered, never the password', async () => {
		const refusal = 'HTTP/1.1 407 Proxy Authentication Required';
		const proxy = await track(startHttpProxy({ refusal }));
		const failure: unknown = await openSocket(
			{ host: 'imap.test', port: 993 },
			proxied(proxy, 'http', 'user:hidden@'),
		).catch((error: unknown) => error);
		expect(failure).toMatchObject({ code: 'connection.proxy', serverReply: refusal });
		expect(String(failure)).not.toContain('hidden');
	});

	it('tells that a SOCKS proxy refused', async () => {
		const proxy = await track(startSocksProxy({ refuse: true }));
		await expect(
			openSocket({ host: 'imap.test', port: 993 }, proxied(proxy, 'socks5')),
		).rejects.toMatchObject({ code: 'connection.proxy' });
	});

	it.each(['http', 'socks5', 'socks4'])(
		'gives up on a silent %s proxy when the time is over',
		async (scheme) => {
			const proxy = await track(listen(() => undefined));
			await expect(
				openSocket(
					{ host: 'imap.test', port: 993 },
					{ timeoutMs: 150, proxyUrl: new Secret(`${scheme}://127.0.0.1:${proxy.port}`) },
				),
			).rejects.toMatchObject({ code: 'connection.timeout' });
		},
	);

	it.each(['ftp://proxy', 'proxy:3128', ''.padEnd(3, '/')])(
		'refuses "%s" as proxy URL',
		async (url) => {
			await expect(
				openSocket({ host: 'imap.test', port: 993 }, { timeoutMs: 100, proxyUrl: new Secret(url) }),
			).rejects.toMatchObject({ code: 'settings.invalid', subject: 'proxy URL' });
		},
	);
});
