import { isIP, type Socket } from 'node:net';
import * as tls from 'node:tls';
import { SocksClient } from 'socks';
import { MailError } from '../../errors';
import type { Secret } from '../../secret';
import type { Deadline } from './deadline';
import { type Endpoint, toAsciiHost, toWhere } from './endpoint';
import { LineReader } from './line-reader';

/** A proxy URL taken apart. */
interface Proxy extends Endpoint {
	readonly kind: ProxyKind;
	readonly user: string;
	readonly password: string;
}

type ProxyKind = 'http' | 'https' | 'socks4' | 'socks5';

const schemes: Readonly<Record<string, { readonly kind: ProxyKind; readonly port: number }>> = {
	'http:': { kind: 'http', port: 80 },
	'https:': { kind: 'https', port: 443 },
	'socks:': { kind: 'socks5', port: 1080 },
	'socks4:': { kind: 'socks4', port: 1080 },
	'socks4a:': { kind: 'socks4', port: 1080 },
	'socks5:': { kind: 'socks5', port: 1080 },
	'socks5h:': { kind: 'socks5', port: 1080 },
};

type ConnectTcp = (server: Endpoint, deadline: Deadline) => Promise<Socket>;
type Tunnel = (socket: Socket, proxy: Proxy, server: Endpoint, deadline: Deadline) => Promise<void>;

const tunnels: Readonly<Record<ProxyKind, Tunnel>> = {
	http: tunnelByConnect,
	https: tunnelByConnect,
	socks4: async (...args) => await tunnelBySocks(4, ...args),
	socks5: async (...args) => await tunnelBySocks(5, ...args),
};

/** Throws MailError: `connection.proxy` for whatever the proxy did, `connection.timeout` when time was up. */
export async function connectThroughProxy(
	server: Endpoint,
	proxyUrl: Secret,
	deadline: Deadline,
	connectTcp: ConnectTcp,
): Promise<Socket> {
	const proxy = toProxy(proxyUrl);
	try {
		const plain = await connectTcp(proxy, deadline);
		const socket = proxy.kind === 'https' ? await secureProxy(plain, proxy, deadline) : plain;
		await deadline.guard(socket, async () => {
			await tunnels[proxy.kind](socket, proxy, server, deadline);
		});
		return socket;
	} catch (error) {
		deadline.check();
		if (error instanceof MailError && error.code === 'connection.proxy') throw error;
		throw proxyError(proxy, server, { cause: error });
	}
}

function toProxy(proxyUrl: Secret): Proxy {
	const url = URL.canParse(proxyUrl.reveal()) ? new URL(proxyUrl.reveal()) : undefined;
	const scheme = schemes[url?.protocol ?? ''];
	if (url === undefined || scheme === undefined || url.hostname === '') {
		throw new MailError('settings.invalid', {
			subject: 'proxy URL',
			remedy: 'Write it as http://, https:// or socks5://, followed by host and port.',
		});
	}
	return {
		kind: scheme.kind,
		host: url.hostname.replace(/^\[|\]$/g, ''),
		port: url.port === '' ? scheme.port : Number(url.port),
		user: decode(url.username),
		password: decode(url.password),
	};
}

/** A password with a bare `%` is not percent-encoded: it is meant as it stands. */
function decode(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

async function secureProxy(plain: Socket, proxy: Proxy, deadline: Deadline): Promise<Socket> {
	return await deadline.guard(
		plain,
		async () =>
			await new Promise<Socket>((resolve, reject) => {
				const host = toAsciiHost(proxy.host);
				const servername = isIP(host) > 0 ? '' : host;
				const socket = tls.connect({ socket: plain, host, servername }, () => {
					socket.off('error', reject);
					resolve(socket);
				});
				socket.once('error', reject);
				plain.once('close', () => reject(new Error('closed')));
			}),
	);
}

/** RFC 9110, section 9.3.6. */
async function tunnelByConnect(socket: Socket, proxy: Proxy, server: Endpoint): Promise<void> {
	const target = toWhere({ host: toAsciiHost(server.host), port: server.port });
	const head = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`];
	if (proxy.user !== '' || proxy.password !== '') {
		const credentials = Buffer.from(`${proxy.user}:${proxy.password}`).toString('base64');
		head.push(`Proxy-Authorization: Basic ${credentials}`);
	}
	const reader = new LineReader(socket, toWhere(proxy));
	try {
		socket.write(`${head.join('\r\n')}\r\n\r\n`);
		const status = await reader.readLine();
		if (!/^HTTP\/1\.[01] 2\d\d(?: |$)/.test(status)) {
			throw proxyError(proxy, server, { serverReply: status });
		}
		// The answer has no body; its headers say nothing of use.
		while ((await reader.readLine()) !== '');
	} finally {
		reader.release();
	}
}

/** Added to the library's own limit so that ours comes first. */
const SOCKS_GRACE_MS = 5_000;

async function tunnelBySocks(
	type: 4 | 5,
	socket: Socket,
	proxy: Proxy,
	server: Endpoint,
	deadline: Deadline,
): Promise<void> {
	await SocksClient.createConnection({
		command: 'connect',
		existing_socket: socket,
		// The deadline ends the socket first, with a reason that tells time from refusal.
		timeout: deadline.remainingMs + SOCKS_GRACE_MS,
		proxy: {
			type,
			host: proxy.host,
			port: proxy.port,
			...(proxy.user === '' ? {} : { userId: proxy.user, password: proxy.password }),
		},
		destination: { host: toAsciiHost(server.host), port: server.port },
	});
	await keepEarlyBytes(socket);
}

/**
 * The library resumes the socket one turn after it is done, and emits what it read too much as a bare
 * 'data' event: a greeting that comes at once would be lost before its reader is there.
 */
async function keepEarlyBytes(socket: Socket): Promise<void> {
	const early: Buffer[] = [];
	const hold = () => undefined;
	const keep = (chunk: Buffer) => early.push(chunk);
	// With a 'readable' listener, resume() does not make the stream flow.
	socket.on('readable', hold);
	socket.on('data', keep);
	await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
	socket.off('data', keep);
	socket.off('readable', hold);
	if (early.length > 0) socket.unshift(Buffer.concat(early));
}

function proxyError(
	proxy: Proxy,
	server: Endpoint,
	details: { cause?: unknown; serverReply?: string },
): MailError {
	return new MailError('connection.proxy', {
		subject: `${toWhere(proxy)}, to ${toWhere(server)}`,
		retryable: true,
		...details,
	});
}
