import type { Socket } from 'node:net';
import { MailError } from '../../errors';

/**
 * One time limit that all phases of a connection share (DNS, proxy, TCP, TLS, STARTTLS). When it passes, or
 * the caller gives up, every guarded socket is destroyed with the reason; whoever waits for it gets that error.
 */
export class Deadline {
	readonly #endsAt: number;
	readonly #abort = new AbortController();
	readonly #timer: NodeJS.Timeout;
	readonly #outer?: AbortSignal;
	readonly #onOuterAbort: () => void;

	constructor(timeoutMs: number, where: string, outer?: AbortSignal) {
		this.#endsAt = Date.now() + timeoutMs;
		this.#outer = outer;
		this.#timer = setTimeout(
			() =>
				this.#abort.abort(new MailError('connection.timeout', { subject: where, retryable: true })),
			timeoutMs,
		);
		this.#onOuterAbort = () =>
			this.#abort.abort(
				new MailError('connection.lost', { subject: where, cause: outer?.reason as unknown }),
			);
		if (outer?.aborted === true) this.#onOuterAbort();
		else outer?.addEventListener('abort', this.#onOuterAbort, { once: true });
	}

	/** At least 1: libraries read 0 as "for ever". */
	get remainingMs(): number {
		return Math.max(1, this.#endsAt - Date.now());
	}

	/** Throws the reason when the time is over. */
	check(): void {
		if (this.#abort.signal.aborted) throw this.#abort.signal.reason;
	}

	/** Fires when the time is over, or the caller gives up. */
	get signal(): AbortSignal {
		return this.#abort.signal;
	}

	/** Settles as `work` does, or rejects with the reason when the time is over. */
	async race<T>(work: Promise<T>): Promise<T> {
		const { signal } = this.#abort;
		let onAbort: () => void = () => undefined;
		try {
			return await new Promise<T>((resolve, reject) => {
				onAbort = () => reject(signal.reason as Error);
				signal.addEventListener('abort', onAbort, { once: true });
				if (signal.aborted) onAbort();
				work.then(resolve, reject);
			});
		} finally {
			signal.removeEventListener('abort', onAbort);
		}
	}

	/** Runs a phase on a socket that does not outlive the deadline; a failed phase ends the socket. */
	async guard<T, S extends Socket>(socket: S, phase: (socket: S) => Promise<T>): Promise<T> {
		const { signal } = this.#abort;
		const destroy = () => socket.destroy(signal.reason as Error);
		if (!socket.listeners('error').includes(ignoreError)) socket.on('error', ignoreError);
		signal.addEventListener('abort', destroy, { once: true });
		try {
			this.check();
			const result = await phase(socket);
			this.check();
			return result;
		} catch (error) {
			socket.destroy();
			throw signal.aborted ? signal.reason : error;
		} finally {
			signal.removeEventListener('abort', destroy);
		}
	}

	/** Ends the waiting; must be called when all phases are done. */
	clear(): void {
		clearTimeout(this.#timer);
		this.#outer?.removeEventListener('abort', this.#onOuterAbort);
	}
}

/**
 * Stays on every guarded socket: an error that falls between two owners must not bring the process down.
 * Owners see it all the same, by their own listener or by the closed socket.
 */
function ignoreError(): void {}
