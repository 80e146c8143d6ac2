import type { Connector, IncomingServer } from '../../connector';
import { isMailError, MailError } from '../../errors';
import { type Connection, openConnection } from './connection';
import { toWhere } from './endpoint';
import { requireIncomingServer } from './incoming-server';
import { type ReadyLogin, type SignInOptions, signInWith } from './ready-login';

/** What one attempt to sign in has; with access tokens there may be a second. `timeoutMs` holds for it alone. */
export interface Attempt extends SignInOptions {
	readonly incoming: IncomingServer;
	readonly login: ReadyLogin;
}

/**
 * Opens a connection to the connector's incoming server and signs in. `connectionTimeoutMs` holds for the connection, and
 * once more for what `signIn` does; with access tokens also for getting one, and for a second attempt where the server
 * refuses the first token. Throws MailError.
 */
export async function signInToIncoming<T>(
	connector: Connector,
	signal: AbortSignal | undefined,
	signIn: (connection: Connection, attempt: Attempt) => Promise<T>,
): Promise<T> {
	const incoming = requireIncomingServer(connector);
	const { tls, proxyUrl, limits } = connector;
	const options = { where: toWhere(incoming), timeoutMs: limits.connectionTimeoutMs, signal };
	return await signInWith(incoming.login, options, async (login) => {
		const { protocol } = incoming;
		const connection = await openConnection(incoming, { protocol, tls, proxyUrl, ...options });
		return await signIn(connection, { ...options, incoming, login });
	});
}

/**
 * Runs a phase of opening a session; when time is up, the caller gives up or it fails, the connection ends.
 *
 * @param abort ends the connection, and with it the phase
 */
export async function within<T>(
	abort: (reason: MailError) => void,
	{ where: subject, timeoutMs, signal }: SignInOptions,
	phase: () => Promise<T>,
): Promise<T> {
	const onAbort = () =>
		abort(new MailError('connection.lost', { subject, cause: signal?.reason as unknown }));
	const onTimeout = () => abort(new MailError('connection.timeout', { subject, retryable: true }));
	const timer = setTimeout(onTimeout, timeoutMs);
	signal?.addEventListener('abort', onAbort, { once: true });
	if (signal?.aborted === true) onAbort();
	try {
		return await phase();
	} catch (error) {
		const isOurs = isMailError(error);
		abort(isOurs ? error : new MailError('connection.lost', { subject, retryable: true }));
		throw error;
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener('abort', onAbort);
	}
}
