import type { Connector, IncomingServer, PasswordLogin } from '../../connector';
import { MailError, type MailErrorCode } from '../../errors';
import { openConnection } from '../net/connection';
import { toWhere } from '../net/endpoint';
import { hideSecrets } from '../net/hide-secret';
import { requireIncomingServer } from '../net/incoming-server';
import { type ReadyLogin, signInWith } from '../net/ready-login';
import { NO_XOAUTH2, toXoauth2Response, XOAUTH2 } from '../net/xoauth2';
import type { Capabilities } from './capability';
import { Pop3Connection } from './connection';
import type { Timing } from './timing';

/**
 * Opens a connection to the connector's incoming server and signs in. `connectionTimeoutMs` holds for the connection, and
 * once more for greeting and sign-in; with access tokens also for getting one, and for a second attempt where the server
 * refuses the first token. Throws MailError.
 */
export async function signIn(
	connector: Connector,
	timing: Timing,
	signal?: AbortSignal,
): Promise<Pop3Connection> {
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
): Promise<Pop3Connection> {
	const where = toWhere(incoming);
	const { connectionTimeoutMs } = connector.limits;
	const { socket } = await openConnection(incoming, {
		protocol: 'pop3',
		tls: connector.tls,
		proxyUrl: connector.proxyUrl,
		timeoutMs: connectionTimeoutMs,
		signal,
	});
	const connection = new Pop3Connection(socket, where, timing);
	await within(connection, connectionTimeoutMs, where, signal, async () => {
		await connection.readGreeting();
		await authenticate(connection, incoming, login);
	});
	return connection;
}

/** Runs a phase of opening a session; when time is up, the caller gives up or it fails, the connection ends. */
export async function within<T>(
	connection: Pop3Connection,
	timeoutMs: number,
	where: string,
	signal: AbortSignal | undefined,
	phase: () => Promise<T>,
): Promise<T> {
	const onAbort = () =>
		connection.abort(
			new MailError('connection.lost', { subject: where, cause: signal?.reason as unknown }),
		);
	const timer = setTimeout(
		() =>
			connection.abort(new MailError('connection.timeout', { subject: where, retryable: true })),
		timeoutMs,
	);
	signal?.addEventListener('abort', onAbort, { once: true });
	if (signal?.aborted === true) onAbort();
	try {
		return await phase();
	} catch (error) {
		connection.abort(new MailError('connection.lost', { subject: where, retryable: true }));
		throw error;
	} finally {
		clearTimeout(timer);
		signal?.removeEventListener('abort', onAbort);
	}
}

async function authenticate(
	connection: Pop3Connection,
	incoming: IncomingServer,
	login: ReadyLogin,
): Promise<void> {
	const capabilities = await connection.readCapabilities();
	try {
		await createSignIn(incoming, login, capabilities)(connection, toOtherwise(capabilities));
	} catch (error) {
		// Servers have been seen to repeat the command that they refuse, password and all.
		const secret = login.password ?? login.token.token;
		throw error instanceof MailError ? hideSecrets(error, [secret.reveal()]) : error;
	}
}

type Otherwise = { readonly code: MailErrorCode; readonly retryable: boolean };
type SignIn = (connection: Pop3Connection, otherwise: Otherwise) => Promise<void>;

/** RFC 3206, section 4: a server that marks wrong credentials means something else where the mark is missing. */
function toOtherwise({ names }: Capabilities): Otherwise {
	return names.has('AUTH-RESP-CODE')
		? { code: 'server.unavailable', retryable: true }
		: { code: 'auth.rejected', retryable: false };
}

function createSignIn(incoming: IncomingServer, login: ReadyLogin, offer: Capabilities): SignIn {
	const { additionalMailbox } = incoming;
	if (login.password === undefined) {
		requireMechanism(incoming, offer, XOAUTH2, NO_XOAUTH2);
		// Microsoft: the user of a shared mailbox is the mailbox.
		return saslSignIn(
			XOAUTH2,
			toXoauth2Response(additionalMailbox ?? login.user, login.token.token),
		);
	}
	const plain = toPlainResponse(login, additionalMailbox);
	if (additionalMailbox !== undefined) {
		requireMechanism(incoming, { ...offer, known: true }, 'PLAIN', NO_OTHER_MAILBOX);
		return saslSignIn('PLAIN', plain);
	}
	const offersUser = !offer.known || offer.names.has('USER');
	if (offersUser && isOneLine(login)) return userSignIn(login);
	requireMechanism(incoming, offer, 'PLAIN');
	return saslSignIn('PLAIN', plain);
}

const NO_OTHER_MAILBOX =
	'This server opens no other mailbox by POP3 (it does not offer SASL PLAIN). Empty Additional Mailbox in the connector, or use IMAP.';

/** Of a server that tells what it offers. */
function requireMechanism(
	incoming: IncomingServer,
	{ known, mechanisms }: Capabilities,
	mechanism: string,
	remedy?: string,
): void {
	if (mechanisms.has(mechanism) || !known) return;
	throw new MailError('auth.unavailable', { subject: toWhere(incoming), remedy });
}

function saslSignIn(mechanism: string, response: string): SignIn {
	return async (connection, otherwise) =>
		await connection.authenticate(mechanism, response, otherwise);
}

function userSignIn({ user, password }: PasswordLogin): SignIn {
	return async (connection, otherwise) => {
		await connection.command(`USER ${user}`, 'USER', otherwise);
		await connection.command(`PASS ${password.reveal()}`, 'PASS', otherwise);
	};
}

/** A line break in a name or a password would begin another command. */
function isOneLine({ user, password }: PasswordLogin): boolean {
	return !/[\r\n\0]/.test(user + password.reveal());
}

/** RFC 4616, section 2. */
function toPlainResponse({ user, password }: PasswordLogin, authorizationIdentity = ''): string {
	return Buffer.from(`${authorizationIdentity}\0${user}\0${password.reveal()}`).toString('base64');
}
