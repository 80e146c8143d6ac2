import type { ImapFlow } from 'imapflow';
import { CLOSE_GRACE_MS } from '../../limits';
import { MailError } from '../../errors';
import { isConnectionFailure, toImapError } from './error';
import type { Timing } from './timing';

/** The watchdog looks this often within the allowed silence. */
const LOOKS_PER_SILENCE = 4;

/**
 * imapflow itself asks for a sign of life after one silence and gives up after the second; a third one means that
 * it does not.
 */
const SILENCES = 3;

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
	readonly #watchdog: NodeJS.Timeout;
	#isSignedIn = false;
	#failure: MailError | undefined;
	#closing: Promise<void> | undefined;

	constructor(client: ImapFlow, where: string, timing: Timing) {
		this.#client = client;
		this.#where = where;
		client.on('error', (error) => this.#fail(toImapError(error, where)));
		client.on('close', () => this.#fail(this.#toClosed()));
		this.#watchdog = this.#startWatchdog(timing);
	}

	get client(): ImapFlow {
		return this.#client;
	}

	/** Greeting and sign-in; the socket is open already. */
	async connect(): Promise<void> {
		await this.#client.connect();
		this.#isSignedIn = true;
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
		try {
			// Ends also commands that the library forgets when its connection closes.
			return await this.whileAlive(action(this.#client));
		} catch (error) {
			const translated = toImapError(error, subject);
			if (isConnectionFailure(translated)) this.#fail(translated);
			throw this.#failure ?? translated;
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
		this.#failure = this.#isTurnedAway(failure) ? this.#toTurnedAway(failure) : failure;
		clearInterval(this.#watchdog);
		this.#client.close();
		for (const reject of this.#waiting) reject(this.#failure);
	}

	/** A server that says BYE before the sign-in was reached, and has its reasons. */
	#isTurnedAway(failure: MailError): boolean {
		const { byeReason = '' } = this.#client;
		return failure.code === 'connection.lost' && !this.#isSignedIn && byeReason !== '';
	}

	#toTurnedAway(cause: MailError): MailError {
		return new MailError('server.unavailable', {
			subject: this.#where,
			serverReply: this.#client.byeReason,
			retryable: true,
			cause,
		});
	}

	#toClosed(): MailError {
		return new MailError('connection.lost', {
			subject: this.#where,
			retryable: true,
			serverReply: this.#client.byeReason === '' ? undefined : this.#client.byeReason,
		});
	}

	/**
	 * Counts looks rather than time: a process that was busy or asleep gives the server's bytes a chance to be read
	 * before it judges.
	 */
	#startWatchdog(timing: Timing): NodeJS.Timeout {
		const periodMs = timing.socketSilenceMs / LOOKS_PER_SILENCE;
		const silentLooks = SILENCES * LOOKS_PER_SILENCE;
		// A server that chatters and never lets IDLE begin or end is as deaf as a silent one.
		const muteLooks = Math.ceil(timing.idleRenewalMs / periodMs) + silentLooks;
		let silent = 0;
		let mute = 0;
		let received = -1;
		let written: number | null = -1;
		const watchdog = setInterval(() => {
			const { received: now } = this.#client.stats();
			silent = now === received ? silent + 1 : 0;
			mute = this.#client.lastClientWrite === written ? mute + 1 : 0;
			received = now;
			written = this.#client.lastClientWrite;
			if (silent > silentLooks || mute > muteLooks) {
				this.#fail(new MailError('connection.timeout', { subject: this.#where, retryable: true }));
			}
		}, periodMs);
		watchdog.unref();
		return watchdog;
	}
}
