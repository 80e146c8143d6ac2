import type { Socket } from 'node:net';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { OutgoingServer, TlsPolicy } from '../../connector';
import { CLOSE_GRACE_MS } from '../../limits';
import type { ComposedMessage, Delivery } from '../../ports';
import type { Secret } from '../../secret';
import { openConnection } from '../net/connection';
import { toWhere } from '../net/endpoint';
import { type ReadyLogin, signInWith } from '../net/ready-login';
import { toSmtpEnvelope } from './smtp-envelope';
import { type SmtpSituation, toSmtpError } from './smtp-error';
import { isRefusal, outcomeUnknown, toDelivery } from './smtp-outcome';
import { toAuthMechanisms, toExtensions, toSmtpFailure } from './smtp-reply';
import { customAuth, toAuth } from './smtp-sign-in';

export interface SmtpSessionOptions {
	readonly tls: TlsPolicy;
	readonly proxyUrl?: Secret;
	/** For opening, and for every later answer but the last one to a message. */
	readonly timeoutMs: number;
	readonly signal?: AbortSignal;
}

/**
 * How long the answer to a whole message may take: servers look for viruses before they give it. Giving up
 * earlier makes mails arrive twice (RFC 5321, section 4.5.3.2.6).
 */
const FINAL_REPLY_MS = 10 * 60_000;

type Command<T> = (done: (error?: Error | null, result?: T) => void) => void;

/** One signed-in connection. Messages go one after the other. */
export class SmtpSession {
	readonly #connection: SMTPConnection;
	readonly #socket: Socket;
	readonly #situation: SmtpSituation;
	readonly #timeoutMs: number;
	#extensions: ReadonlySet<string> = new Set();
	#used = false;
	#ended = false;
	#expiresAt = Infinity;

	constructor(
		connection: SMTPConnection,
		socket: Socket,
		situation: SmtpSituation,
		timeoutMs: number,
	) {
		this.#connection = connection;
		this.#socket = socket;
		this.#situation = situation;
		this.#timeoutMs = timeoutMs;
		// Without a listener an error of an idle connection would bring the process down.
		connection.on('error', () => undefined);
		connection.once('end', () => (this.#ended = true));
	}

	get ended(): boolean {
		return this.#ended;
	}

	/** The token that it was signed in with is taken no longer: the server may refuse the next message. */
	get expired(): boolean {
		return Date.now() >= this.#expiresAt;
	}

	/** An idle connection does not keep the process alive. */
	rest(): void {
		this.#socket.unref();
	}

	wake(): void {
		this.#socket.ref();
	}

	/** Greeting, EHLO and sign-in. Throws MailError; the connection is then closed. */
	async open(login: ReadyLogin | undefined): Promise<void> {
		const deadline = setTimeout(() => {
			this.#socket.destroy(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' }));
		}, this.#timeoutMs);
		try {
			await this.#command((done) => this.#connection.connect(done));
			this.#extensions = toExtensions(this.#connection.lastServerResponse || '');
			if (login !== undefined) await this.#signIn(login);
		} catch (error) {
			this.#connection.close();
			throw toSmtpError(error, this.#situation);
		} finally {
			clearTimeout(deadline);
		}
	}

	/**
	 * Resolves `stale` where the server had already ended the connection while it was idle: nothing of the
	 * message was sent, another connection may take it. Throws MailError.
	 */
	async send(message: ComposedMessage): Promise<Delivery | 'stale'> {
		const envelope = toSmtpEnvelope(message, this.#extensions);
		const { deliveryReport } = message.envelope;
		const body = message.open();
		let handedOver = false;
		body.once('end', () => {
			handedOver = true;
			this.#socket.setTimeout(FINAL_REPLY_MS);
		});
		const reused = this.#used;
		this.#used = true;
		try {
			const info = await this.#command<SMTPConnection.SentMessageInfo>((done) =>
				this.#connection.send(envelope, body, done),
			);
			const report = this.#extensions.has('DSN') ? 'requested' : 'not offered';
			return { ...toDelivery(info), ...(deliveryReport && { deliveryReport: report }) };
		} catch (error) {
			if (isRefusal(error)) {
				await this.#reset();
				throw toSmtpError(error, this.#situation);
			}
			this.#connection.close();
			if (reused && !body.readableDidRead) return 'stale';
			const answered = toSmtpFailure(error).replyCode !== undefined;
			throw handedOver && !answered
				? outcomeUnknown(this.#situation.where, error)
				: toSmtpError(error, this.#situation);
		} finally {
			body.destroy();
			this.#socket.setTimeout(this.#timeoutMs);
		}
	}

	/** Says QUIT and waits for the end, at most `CLOSE_GRACE_MS`. Never throws. */
	async close(): Promise<void> {
		if (this.#ended) return;
		await new Promise<void>((resolve) => {
			const timer = setTimeout(() => this.#connection.close(), CLOSE_GRACE_MS);
			this.#connection.once('end', () => {
				clearTimeout(timer);
				resolve();
			});
			this.#connection.quit();
		});
	}

	async #signIn(login: ReadyLogin): Promise<void> {
		const offered = toAuthMechanisms(this.#connection.lastServerResponse || '');
		const auth = toAuth(login, offered, this.#situation.where);
		await this.#command((done) => this.#connection.login(auth, done));
		this.#expiresAt = login.password === undefined ? (login.token.expiresAt ?? Infinity) : Infinity;
	}

	/** Ends a refused transaction, so that the connection can take the next message. */
	async #reset(): Promise<void> {
		if (this.#ended) return;
		try {
			await this.#command((done) => this.#connection.reset(done));
		} catch {
			// The refusal is what the caller has to know; a session that cannot be reset is simply not used again.
			this.#connection.close();
		}
	}

	/** nodemailer forgets the callback of a command when the connection ends: then its events answer. */
	async #command<T>(run: Command<T>): Promise<T> {
		const connection = this.#connection;
		let fail: (error: Error) => void = () => undefined;
		// One turn later: a callback that knows the server's last words comes after the event.
		const end = () => setImmediate(() => fail(new Error('The connection was closed')));
		try {
			return await new Promise<T>((resolve, reject) => {
				fail = reject;
				connection.once('error', reject);
				connection.once('end', end);
				run((error, result) => (error ? reject(error) : resolve(result as T)));
			});
		} finally {
			connection.off('error', fail);
			connection.off('end', end);
		}
	}
}

/** Connects, protects the connection as the server's settings say, and signs in. Throws MailError. */
export async function openSmtpSession(
	server: OutgoingServer,
	options: SmtpSessionOptions,
): Promise<SmtpSession> {
	const { login } = server;
	if (login === undefined) return await attemptOpening(server, options, undefined);
	return await signInWith(
		login,
		{ where: toWhere(server), timeoutMs: options.timeoutMs, signal: options.signal },
		async (ready) => await attemptOpening(server, options, ready),
	);
}

async function attemptOpening(
	server: OutgoingServer,
	{ timeoutMs, ...options }: SmtpSessionOptions,
	login: ReadyLogin | undefined,
): Promise<SmtpSession> {
	const { socket, secured } = await openConnection(server, {
		...options,
		protocol: 'smtp',
		timeoutMs,
	});
	const connection = new SMTPConnection({
		connection: socket,
		host: server.host,
		port: server.port,
		secure: secured,
		secured,
		ignoreTLS: true,
		logger: false,
		customAuth,
		connectionTimeout: timeoutMs,
		greetingTimeout: timeoutMs,
		socketTimeout: timeoutMs,
		socketCloseTimeout: CLOSE_GRACE_MS,
	});
	const situation = { where: toWhere(server), secured };
	const session = new SmtpSession(connection, socket, situation, timeoutMs);
	await session.open(login);
	return session;
}
