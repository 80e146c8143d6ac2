import type { Socket } from 'node:net';
import type { ImapFlow } from 'imapflow';
import { CLOSE_GRACE_MS } from '../../limits';
import { MailError } from '../../errors';
import type { TemporarySignIn } from '../../ports';
import { isConnectionFailure, toClosedError, toImapError } from './error';
import type { RefusalLog } from './refusal-log';
import type { Timing } from './timing';
import { startWatchdog } from './watchdog';

/** LOGOUT gets this much of the grace; the rest is for the socket, in ms. */
const LOGOUT_MS = CLOSE_GRACE_MS - 500;

/**
 * The one connection of a session, from sign-in to its end. Every command goes through `run`; what ends the
 * connection ends all that wait for it, once, with the first reason. A connection that failed stays failed.
 */
export class Lifeline {
	readonly #client: ImapFlow;
	readonly #where: string;
	/** Those who wait for something; a set and no promise, which would keep every answer it was raced against. */
	readonly #waiting = new Set<(failure: MailError) => void>();
	readonly #watchdog: ReturnType<typeof startWatchdog>;
	#commands = 0;
	#isSignedIn = false;
	#signIn: TemporarySignIn | undefined;
	#failure: MailError | undefined;
	#closing: Promise<void> | undefined;

	constructor(
		client: ImapFlow,
		/** For what the library has no call for. */
		readonly socket: Socket,
		readonly refusals: RefusalLog,
		where: string,
		timing: Timing,
	) {
		this.#client = client;
		this.#where = where;
		client.on('error', (error) => this.#fail(toImapError(error, where)));
		client.on('close', () => this.#fail(this.#toClosed()));
		const watched = { client, socket, isBusy: () => this.#commands > 0 };
		this.#watchdog = startWatchdog(watched, timing, () => this.#fail(toTimeout(where)));
	}

	get client(): ImapFlow {
		return this.#client;
	}

	/** See `MailboxSession`. */
	get signIn(): TemporarySignIn | undefined {
		return this.#signIn;
	}

	/**
	 * Greeting and sign-in; the socket is open already.
	 *
	 * @param endsAt when the sign-in ends by itself, ms since the epoch
	 */
	async connect(endsAt: number | undefined): Promise<void> {
		await this.#client.connect();
		this.#isSignedIn = true;
		this.#signIn = endsAt === undefined ? undefined : { at: Date.now(), endsAt };
		this.#watchdog.watchAnswers();
	}

	/** Settles as `work` does, or rejects when the connection ends before. */
	async whileAlive<T>(work: Promise<T>): Promise<T> {
		if (this.#failure !== undefined) throw this.#failure;
		let onFailure: ((failure: MailError) => void) | undefined;
		try {
			return await new Promise<T>((resolve, reject) => {
				onFailure = reject;
				this.#waiting.add(reject);
				work.then(resolve, reject);
			});
		} finally {
			if (onFailure !== undefined) this.#waiting.delete(onFailure);
		}
	}

	/**
	 * Runs commands; an error of theirs is translated.
	 * @param subject what is tried, for the error's message
	 */
	async run<T>(subject: string, action: (client: ImapFlow) => Promise<T>): Promise<T> {
		if (this.#failure !== undefined) throw this.#failure;
		this.#commands++;
		try {
			// Ends also commands that the library forgets when its connection closes.
			return await this.whileAlive(action(this.#client));
		} catch (error) {
			const translated = toImapError(error, subject);
			if (isConnectionFailure(translated)) this.#fail(translated);
			throw this.#failure ?? translated;
		} finally {
			this.#commands--;
		}
	}

	/** Ends the connection for a reason that the driver found. */
	abort(reason: MailError): void {
		this.#fail(reason);
	}

	/** Says goodbye to the server, but not for long. Never throws. */
	async close(): Promise<void> {
		this.#closing ??= this.#sayGoodbye();
		await this.#closing;
	}

	async #sayGoodbye(): Promise<void> {
		if (this.#failure === undefined) {
			await new Promise<void>((resolve) => {
				const timer = setTimeout(resolve, LOGOUT_MS);
				const done = () => {
					clearTimeout(timer);
					resolve();
				};
				this.#client.logout().then(done, done);
			});
		}
		this.#fail(this.#toClosed());
	}

	#fail(failure: MailError): void {
		if (this.#failure !== undefined) return;
		// A server that says BYE knows better why the connection is lost.
		const isExplained = failure.code === 'connection.lost' && this.#byeReason !== '';
		this.#failure = isExplained ? this.#toClosed() : failure;
		this.#watchdog.stop();
		this.#client.close();
		for (const reject of this.#waiting) reject(this.#failure);
	}

	get #byeReason(): string {
		return this.#client.byeReason ?? '';
	}

	#toClosed(): MailError {
		return toClosedError(this.#where, this.#byeReason, this.#isSignedIn);
	}
}

function toTimeout(where: string): MailError {
	return new MailError('connection.timeout', { subject: where, retryable: true });
}
