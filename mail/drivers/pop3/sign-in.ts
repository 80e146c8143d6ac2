import type { Connector, IncomingServer, PasswordLogin } from '../../connector';
import { MailError, type MailErrorCode } from '../../errors';
import { toWhere } from '../net/endpoint';
import { hideSecrets } from '../net/hide-secret';
import { signInToIncoming, within } from '../net/incoming-sign-in';
import type { ReadyLogin } from '../net/ready-login';
import { NO_XOAUTH2, toXoauth2Response, XOAUTH2 } from '../net/xoauth2';
import type { Capabilities } from './capability';
import { Pop3Connection } from './connection';
import type { Timing } from './timing';

/** See `signInToIncoming`. */
export async function signIn(
	connector: Connector,
	timing: Timing,
	signal?: AbortSignal,
): Promise<Pop3Connection> {
	return await signInToIncoming(connector, signal, async ({ socket }, attempt) => {
		const connection = new Pop3Connection(socket, attempt.where, timing);
		await within(
			(reason) => connection.abort(reason),
			attempt,
			async () => {
				await connection.readGreeting();
				await authenticate(connection, attempt.incoming, attempt.login);
			},
		);
		return connection;
	});
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
