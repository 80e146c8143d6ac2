import type { Socket } from 'node:net';
import * as tls from 'node:tls';
import { MailError } from '../../errors';
import type { Secret } from '../../secret';
import type { Deadline } from './deadline';
import { type Endpoint, toWhere } from './endpoint';
import { dial } from './socket';

/**
 * Waits until a plain server has said something; what it said stays unread. A server that is silent because
 * it waits for a TLS handshake is found out by trying one on a second connection.
 * Throws `tls.expected`; `connection.timeout` when the deadline passes.
 */
export async function awaitGreeting(
	socket: Socket,
	server: Endpoint,
	proxyUrl: Secret | undefined,
	deadline: Deadline,
): Promise<void> {
	const probe = new AbortController();
	await deadline.guard(
		socket,
		async () =>
			await new Promise<void>((resolve, reject) => {
				const settle = (then: () => void) => {
					clearTimeout(timer);
					probe.abort();
					for (const event of events) socket.off(event, onSign);
					then();
				};
				// A connection that ends is reported by whoever reads from it.
				const onSign = () => settle(resolve);
				for (const event of events) socket.on(event, onSign);
				const timer = setTimeout(() => {
					void answersTls(server, proxyUrl, deadline, probe.signal).then((expected) => {
						if (expected)
							settle(() => reject(new MailError('tls.expected', { subject: toWhere(server) })));
					});
				}, deadline.remainingMs / 2);
			}),
	);
}

const events = ['readable', 'end', 'error', 'close'] as const;

/** Whether a TLS handshake succeeds, whatever the certificate. Never throws. */
async function answersTls(
	server: Endpoint,
	proxyUrl: Secret | undefined,
	deadline: Deadline,
	signal: AbortSignal,
): Promise<boolean> {
	try {
		const plain = await dial(server, proxyUrl, deadline);
		return await deadline.guard(
			plain,
			async () =>
				await new Promise<boolean>((resolve) => {
					const socket = tls.connect({ socket: plain, rejectUnauthorized: false });
					const answer = (spoken: boolean) => {
						socket.destroy();
						plain.destroy();
						resolve(spoken);
					};
					socket.once('secureConnect', () => answer(true));
					socket.on('error', () => answer(false));
					plain.once('close', () => answer(false));
					signal.addEventListener('abort', () => answer(false), { once: true });
					if (signal.aborted) answer(false);
				}),
		);
	} catch {
		// No second connection: nothing is known, the deadline will tell.
		return false;
	}
}
