import type { Connector, OutgoingServer } from '../../connector';
import { MailError } from '../../errors';
import type { ComposedMessage, Delivery, Sender } from '../../ports';
import { takeSendSlot } from '../net/send-rate';
import { type PoolLease, sharedPools, type SharedPools } from './shared-pool';

/**
 * Sends over the connections to the connector's outgoing server that all of this process share, opened when the first
 * message comes. The caller closes it. Throws `connector.wrongUse` where the connector does not send.
 */
export function createSmtpSender(connector: Connector, pools: SharedPools = sharedPools): Sender {
	const { outgoing, limits } = connector;
	if (outgoing === undefined || outgoing.protocol === 'graph') {
		throw new MailError('connector.wrongUse', { subject: `${connector.name} does not send` });
	}
	const lease = pools.lease(outgoing, connector);
	const account = toAccount(outgoing);
	return {
		send: async (message, signal) => {
			await takeSendSlot(account, limits.messagesPerSecond, signal);
			return await sendThrough(lease.pool, message, signal);
		},
		close: async () => await lease.end(),
	};
}

function toAccount({ host, port, login }: OutgoingServer): string {
	return `${login?.user.toLowerCase() ?? ''}@${host.toLowerCase()}:${port}`;
}

/** Ends: every stale session leaves the pool, and a new one is never stale. */
async function sendThrough(
	pool: PoolLease['pool'],
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
