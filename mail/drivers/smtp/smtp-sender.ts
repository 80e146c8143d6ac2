import type { Connector } from '../../connector';
import { MailError } from '../../errors';
import type { ComposedMessage, Delivery, Log, Sender } from '../../ports';
import { SessionPool } from './session-pool';
import { takeSendSlot } from './send-rate';
import { openSmtpSession, type SmtpSession } from './smtp-session';

/**
 * A pool of connections to the connector's outgoing server, opened when the first message comes. The caller
 * closes it. Throws `connector.wrongUse` where the connector does not send.
 */
export function createSmtpSender(connector: Connector, log: Log): Sender {
	const { outgoing, tls, proxyUrl, limits } = connector;
	if (outgoing === undefined) {
		throw new MailError('connector.wrongUse', { subject: `${connector.name} does not send` });
	}
	const open = async (): Promise<SmtpSession> => {
		const session = await openSmtpSession(outgoing, {
			tls,
			proxyUrl,
			timeoutMs: limits.connectionTimeoutMs,
		});
		log.debug(`Connected to ${outgoing.host}:${outgoing.port} for sending`);
		return session;
	};
	const pool = new SessionPool(open, limits.parallelConnections);
	return {
		send: async (message, signal) => {
			await takeSendSlot(outgoing, limits.messagesPerSecond, signal);
			return await sendThrough(pool, message, signal);
		},
		close: async () => await pool.close(),
	};
}

/** Ends: every stale session leaves the pool, and a new one is never stale. */
async function sendThrough(
	pool: SessionPool<SmtpSession>,
	message: ComposedMessage,
	signal?: AbortSignal,
): Promise<Delivery> {
	for (;;) {
		const session = await pool.acquire(signal);
		try {
			const delivery = await session.send(message);
			if (delivery !== 'stale') return delivery;
		} finally {
			pool.release(session);
		}
	}
}
