import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { signedCertificate } from '../../certificate';
import type { Answer } from './answer';
import { CUT, json } from './answer';
import { MalformedPathError, splitPath, type ReceivedRequest } from './request';

/** Larger ones are let through undefined: no fake keeps more of a request than this. */
const MAX_BODY_BYTES = 160 * 1024 * 1024;

export interface Listener {
	/** `https://<host>:<port>` */
	readonly origin: string;
	close(): Promise<void>;
}

export type Respond = (request: ReceivedRequest) => Promise<Answer | typeof CUT>;

/** An https server on a free port of 127.0.0.1, certified by `certificateAuthority`. */
export async function listen(respond: Respond, host = '127.0.0.1'): Promise<Listener> {
	const { certificatePem, keyPem } = await signedCertificate();
	const sockets = new Set<Socket>();
	let arrived = 0;
	const server = createServer({ cert: certificatePem, key: keyPem }, (incoming, outgoing) => {
		const number = ++arrived;
		answer(incoming, outgoing, number, respond).catch(() => incoming.socket.destroy());
	});
	server.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.on('error', () => undefined);
		socket.on('close', () => sockets.delete(socket));
	});
	server.on('tlsClientError', () => undefined);
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		origin: `https://${host}:${port}`,
		close: async () => {
			const closed = once(server.close(), 'close');
			for (const socket of sockets) socket.destroy();
			await closed;
		},
	};
}

async function answer(
	incoming: IncomingMessage,
	outgoing: ServerResponse,
	number: number,
	respond: Respond,
): Promise<void> {
	const body = await readBody(incoming);
	const url = incoming.url ?? '/';
	const [path = '', query = ''] = url.split('?', 2);
	const given = await respondTo(path, (segments) =>
		respond({
			number,
			method: incoming.method ?? 'GET',
			url,
			path: segments,
			query: new URLSearchParams(query),
			headers: incoming.headers,
			body,
		}),
	);
	if (given === CUT) {
		incoming.socket.destroy();
		return;
	}
	outgoing.writeHead(given.status, {
		...given.headers,
		...(given.body === undefined ? {} : { 'content-length': Buffer.byteLength(given.body) }),
	});
	outgoing.end(given.body);
}

async function respondTo(
	path: string,
	respond: (segments: readonly string[]) => Promise<Answer | typeof CUT>,
): Promise<Answer | typeof CUT> {
	try {
		return await respond(splitPath(path));
	} catch (error) {
		if (error instanceof MalformedPathError) {
			return json(400, { error: { code: 'BadRequest', message: 'The request URI is not valid.' } });
		}
		// A fault of the fake itself: the test that meets it should read which.
		return json(500, { error: { code: 'FaultOfTheFake', message: String(error) } });
	}
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of incoming) {
		const bytes = Buffer.from(chunk);
		size += bytes.length;
		if (size > MAX_BODY_BYTES) throw new Error('The request is larger than any test sends.');
		chunks.push(bytes);
	}
	return Buffer.concat(chunks);
}
