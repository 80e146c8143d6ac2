import { ImapFlow } from 'imapflow';
import type { Connector } from '../../connector';
import { MailError } from '../../errors';
import { openConnection } from '../net/connection';
import { toWhere } from '../net/endpoint';
import { requireIncomingServer } from '../net/incoming-server';
import { toImapError } from './error';
import { Lifeline } from './lifeline';
import { toImapOptions } from './options';
import { RefusalLog } from './refusal-log';
import type { Timing } from './timing';

/**
 * Opens a connection to the connector's incoming server and signs in. `connectionTimeoutMs` holds for the
 * connection, and once more for greeting and sign-in. Throws MailError.
 */
export async function signIn(
	connector: Connector,
	timing: Timing,
	signal?: AbortSignal,
): Promise<Lifeline> {
	const incoming = requireIncomingServer(connector);
	const where = toWhere(incoming);
	const { connectionTimeoutMs } = connector.limits;
	const connection = await openConnection(incoming, {
		protocol: 'imap',
		tls: connector.tls,
		proxyUrl: connector.proxyUrl,
		timeoutMs: connectionTimeoutMs,
		signal,
	});
	const refusals = new RefusalLog();
	const options = toImapOptions(connector, incoming, connection, timing);
	const client = new ImapFlow({ ...options, logger: refusals.logger });
	const lifeline = new Lifeline(client, connection.socket, refusals, where, timing);
	await within(lifeline, connectionTimeoutMs, where, signal, async () => {
		await lifeline.connect();
	});
	return lifeline;
}

/** Runs a phase of opening a session; when time is up, the caller gives up or it fails, the connection ends. */
export async function within<T>(
	lifeline: Lifeline,
	timeoutMs: number,
	where: string,
	signal: AbortSignal | undefined,
	phase: () => Promise<T>,
): Promise<T> {
	const onAbort = () =>
		lifeline.abort(
			new MailError('connection.lost', { subject: where, cause: signal?.reason as unknown }),
		);
	const timer = setTimeout(
		() => lifeline.abort(new MailError('connection.timeout', { subject: where, retryable: true })),
		timeoutMs,
	);
	signal?.addEventListener('abort', onAbort, { once: true });
	if (signal?.aborted === true) onAbort();
	try {
		return await lifeline.run(where, phase);
	} catch (error) {
		const translated = toImapError(error, where);
		lifeline.abort(translated);
		throw translated;
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener('abort', onAbort);
	}
}
