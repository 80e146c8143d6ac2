import * as net from 'node:net';
import { type MailError, type MailErrorCode, withDetails } from '../../errors';
import type { Secret } from '../../secret';
import { Deadline } from './deadline';
import { type Endpoint, toAsciiHost, toWhere } from './endpoint';
import { toConnectionError } from './error';
import { connectThroughProxy } from './proxy';

export interface SocketOptions {
	/** For everything that has to happen before the socket is usable, in ms. */
	readonly timeoutMs: number;
	/** `http://`, `https://`, `socks4://`, `socks5://`, perhaps with user and password. */
	readonly proxyUrl?: Secret;
	/** Gives up: the promise rejects with `connection.lost`. */
	readonly signal?: AbortSignal;
}

/**
 * Node's 250 ms per address are too short for a server on another continent: it then fails with several
 * addresses where one alone would have done.
 */
const ADDRESS_ATTEMPT_MS = 2_000;

/**
 * Opens a TCP connection, through the proxy where there is one. The socket is connected, in clear text and
 * unread; TCP_NODELAY is set: mail protocols are dialogues of small packets.
 * Throws MailError (`connection.*`). One time limit holds for DNS, proxy and TCP together.
 */
export async function openSocket(server: Endpoint, options: SocketOptions): Promise<net.Socket> {
	const deadline = new Deadline(options.timeoutMs, toWhere(server), options.signal);
	try {
		return await dial(server, options.proxyUrl, deadline);
	} finally {
		deadline.clear();
	}
}

/** As `openSocket`, within a deadline that the caller goes on using. */
export async function dial(
	server: Endpoint,
	proxyUrl: Secret | undefined,
	deadline: Deadline,
): Promise<net.Socket> {
	try {
		if (proxyUrl !== undefined && !proxyUrl.isEmpty) {
			return await connectThroughProxy(server, proxyUrl, deadline, connectTcp);
		}
		return await connectTcp(server, deadline);
	} catch (error) {
		throw withPortHint(toConnectionError(error, toWhere(server)), server);
	}
}

const BLOCKED_PORT = 25;
const blockedCodes: ReadonlySet<MailErrorCode> = new Set<MailErrorCode>([
	'connection.timeout',
	'connection.refused',
	'connection.unreachable',
]);

function withPortHint(error: MailError, { port }: Endpoint): MailError {
	if (port !== BLOCKED_PORT || !blockedCodes.has(error.code)) return error;
	const hint = `Many networks and cloud providers block port ${BLOCKED_PORT}: ask yours, or send by another way.`;
	return withDetails(error, { cause: error.cause, remedy: `${error.remedy} ${hint}` });
}

async function connectTcp(server: Endpoint, deadline: Deadline): Promise<net.Socket> {
	deadline.check();
	const socket = net.connect({
		host: toAsciiHost(server.host),
		port: server.port,
		noDelay: true,
		autoSelectFamily: true,
		autoSelectFamilyAttemptTimeout: ADDRESS_ATTEMPT_MS,
	});
	return await deadline.guard(
		socket,
		async () =>
			await new Promise<net.Socket>((resolve, reject) => {
				socket.once('error', reject);
				socket.once('connect', () => {
					socket.off('error', reject);
					resolve(socket);
				});
			}),
	);
}
