import { ImapFlow } from 'imapflow';
import type { Connector, IncomingServer } from '../../connector';
import { isMailError, MailError } from '../../errors';
import { openConnection } from '../net/connection';
import { toWhere } from '../net/endpoint';
import { requireIncomingServer } from '../net/incoming-server';
import { type ReadyLogin, signInWith } from '../net/ready-login';
import { NO_XOAUTH2 } from '../net/xoauth2';
import { toImapError } from './error';
import { Lifeline } from './lifeline';
import { toImapOptions } from './options';
import { RefusalLog } from './refusal-log';
import type { Timing } from './timing';

/**
 * Opens a connection to the connector's incoming server and signs in. `connectionTimeoutMs` holds for the
 * connection, and once more for greeting and sign-in; with access tokens also for getting one, and for a second
 * attempt where the server refuses the first token. Throws MailError.
 */
export async function signIn(
	connector: Connector,
	timing: Timing,
	signal?: AbortSignal,
): Promise<Lifeline> {
	const incoming = requireIncomingServer(connector);
	const options = {
		where: toWhere(incoming),
		timeoutMs: connector.limits.connectionTimeoutMs,
		signal,
	};
	return await signInWith(
		incoming.login,
		options,
		async (login) => await attemptSignIn(connector, incoming, { login, timing, signal }),
	);
}

interface AttemptOptions {
	readonly login: ReadyLogin;
	readonly timing: Timing;
	readonly signal?: AbortSignal;
}

async function attemptSignIn(
	connector: Connector,
	incoming: IncomingServer,
	{ login, timing, signal }: AttemptOptions,
): Promise<Lifeline> {
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
	const options = toImapOptions(connector, incoming, connection, timing, login);
	const client = new ImapFlow({ ...options, logger: refusals.logger });
	const lifeline = new Lifeline(client, connection.socket, refusals, where, timing);
	try {
		await within(lifeline, connectionTimeoutMs, where, signal, async () => {
			await lifeline.connect(login.password === undefined ? login.token.expiresAt : undefined);
		});
	} catch (error) {
		throw isMailError(error, 'server.protocol') && lacksMechanism(client, login)
			? new MailError('auth.unavailable', { subject: where, remedy: NO_XOAUTH2 })
			: error;
	}
	return lifeline;
}

/** imapflow says it with a bare error. */
function lacksMechanism({ capabilities }: ImapFlow, login: ReadyLogin): boolean {
	const mechanisms = ['AUTH=XOAUTH2', 'AUTH=XOAUTH', 'AUTH=OAUTHBEARER'];
	return (
		login.password === undefined &&
		capabilities.size > 0 &&
		!mechanisms.some((mechanism) => capabilities.has(mechanism))
	);
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
