import type { Connector, IncomingServer, Login } from '../../connector';
import { MailError, type MailErrorCode } from '../../errors';
import { openConnection } from '../net/connection';
import { toWhere } from '../net/endpoint';
import { requireIncomingServer } from '../net/incoming-server';
import type { Capabilities } from './capability';
import { Pop3Connection } from './connection';
import type { Timing } from './timing';

/**
 * Opens a connection to the connector's incoming server and signs in. `connectionTimeoutMs` holds for the connection, and
 * once more for greeting and sign-in. Throws MailError.
 */
export async function signIn(
	connector: Connector,
	timing: Timing,
	signal?: AbortSignal,
): Promise<Pop3Connection> {
	const incoming = requireIncomingServer(connector);
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
		await authenticate(connection, incoming, await connection.readCapabilities());
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
	capabilities: Capabilities,
): Promise<void> {
	const secrets = toSecrets(incoming);
	try {
		await createSignIn(incoming, capabilities)(connection, toOtherwise(capabilities));
	} catch (error) {
		throw error instanceof MailError ? withoutSecrets(error, secrets) : error;
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

function createSignIn(incoming: IncomingServer, offer: Capabilities): SignIn {
	const { login, additionalMailbox } = incoming;
	if (login.accessToken !== undefined) {
		const token = login.accessToken.reveal();
		requireMechanism(incoming, offer, 'XOAUTH2');
		// Microsoft: the user of a shared mailbox is the mailbox.
		return saslSignIn(
			'XOAUTH2',
			`user=${additionalMailbox ?? login.user}\x01auth=Bearer ${token}\x01\x01`,
		);
	}
	const plain = `${additionalMailbox ?? ''}\0${login.user}\0${login.password.reveal()}`;
	if (additionalMailbox !== undefined) {
		requireMechanism(incoming, offer, 'PLAIN', NO_OTHER_MAILBOX);
		return saslSignIn('PLAIN', plain);
	}
	const offersUser = !offer.known || offer.names.has('USER');
	if (offersUser && isOneLine(login)) return userSignIn(login);
	requireMechanism(incoming, offer, 'PLAIN');
	return saslSignIn('PLAIN', plain);
}

const NO_OTHER_MAILBOX =
	'This server opens no other mailbox by POP3 (it does not offer SASL PLAIN). Empty Additional Mailbox in the connector, or use IMAP.';

function requireMechanism(
	incoming: IncomingServer,
	{ known, mechanisms }: Capabilities,
	mechanism: string,
	remedy?: string,
): void {
	if (mechanisms.has(mechanism) || (!known && remedy === undefined)) return;
	throw new MailError('auth.unavailable', { subject: toWhere(incoming), remedy });
}

function saslSignIn(mechanism: string, response: string): SignIn {
	return async (connection, otherwise) =>
		await connection.authenticate(mechanism, Buffer.from(response).toString('base64'), otherwise);
}

function userSignIn({ user, password }: Login): SignIn {
	return async (connection, otherwise) => {
		await connection.command(`USER ${user}`, 'USER', otherwise);
		await connection.command(`PASS ${password.reveal()}`, 'PASS', otherwise);
	};
}

/** A line break in a name or a password would begin another command. */
function isOneLine({ user, password }: Login): boolean {
	return !/[\r\n\0]/.test(user + password.reveal());
}

/** Shorter ones are found in ordinary words. */
const SHORTEST_SECRET = 4;

function toSecrets({ login, additionalMailbox }: IncomingServer): string[] {
	const password = login.password.reveal();
	const token = login.accessToken?.reveal() ?? '';
	const toBase64 = (text: string) => Buffer.from(text).toString('base64');
	return [
		toBase64(`${additionalMailbox ?? ''}\0${login.user}\0${password}`),
		toBase64(password),
		password,
		token,
	].filter((secret) => secret.length >= SHORTEST_SECRET);
}

/** Servers have been seen to repeat the command that they refuse, password and all. */
function withoutSecrets(error: MailError, secrets: readonly string[]): MailError {
	const { serverReply = '', code, subject, retryable, retryAfterMs, remedy } = error;
	if (!secrets.some((secret) => serverReply.includes(secret))) return error;
	const hidden = secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), serverReply);
	return new MailError(code, { subject, retryable, retryAfterMs, remedy, serverReply: hidden });
}
