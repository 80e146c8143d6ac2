import { readFileSync } from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import * as tls from 'node:tls';
import type { TlsPolicy } from '../../../../mail/connector';

/** A listener on a free port of 127.0.0.1; `close` also ends its connections. */
export interface LocalServer {
	readonly host: '127.0.0.1';
	readonly port: number;
	close(): Promise<void>;
}

export const trustEverything: TlsPolicy = { minVersion: 'TLSv1.2', allowUntrusted: true };
export const trustTestAuthority: TlsPolicy = {
	minVersion: 'TLSv1.2',
	allowUntrusted: false,
	caPem: fixture('ca.pem').toString(),
};

export function fixture(name: string): Buffer {
	return readFileSync(join(__dirname, 'fixture', name));
}

/** Certificate and key of `fixture/<name>.pem`. */
export function identity(name: 'server' | 'elsewhere' | 'expired'): { cert: Buffer; key: Buffer } {
	return { cert: fixture(`${name}.pem`), key: fixture(`${name}.key`) };
}

export async function listen(onSocket: (socket: net.Socket) => void): Promise<LocalServer> {
	return await start(net.createServer(), 'connection', onSocket);
}

export async function listenTls(
	options: tls.TlsOptions,
	onSocket: (socket: tls.TLSSocket) => void,
): Promise<LocalServer> {
	return await start(tls.createServer(options), 'secureConnection', onSocket);
}

async function start<S extends net.Socket>(
	server: net.Server,
	event: string,
	onSocket: (socket: S) => void,
): Promise<LocalServer> {
	const sockets = new Set<net.Socket>();
	server.on('connection', (socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.on('close', () => sockets.delete(socket));
	});
	server.on(event, (socket: S) => {
		socket.on('error', () => undefined);
		onSocket(socket);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('no port');
	return {
		host: '127.0.0.1',
		port: address.port,
		close: async () => {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

/** Calls `onLine` for each line the client sends, until it answers `stop`. */
export function eachLine(socket: net.Socket, onLine: (line: string) => 'stop' | undefined): void {
	let rest = '';
	const onData = (chunk: Buffer) => {
		rest += chunk.toString('latin1');
		for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
			const line = rest.slice(0, end).replace(/\r$/, '');
			rest = rest.slice(end + 1);
			if (onLine(line) === 'stop') {
				socket.off('data', onData);
				return;
			}
		}
	};
	socket.on('data', onData);
}
