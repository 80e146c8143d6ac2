import { MailError } from '../errors';

/** One time limit that all phases of both sides of a check share. */
export class TimeLimit {
	readonly #endsAt: number;
	readonly #over = new AbortController();
	readonly #timer: NodeJS.Timeout;

	constructor(timeoutMs: number) {
		this.#endsAt = Date.now() + timeoutMs;
		this.#timer = setTimeout(() => this.#over.abort(), timeoutMs);
	}

	/** Fires when the time is over. */
	get signal(): AbortSignal {
		return this.#over.signal;
	}

	/** At least 1: libraries read 0 as "for ever". */
	get remainingMs(): number {
		return Math.max(1, this.#endsAt - Date.now());
	}

	/**
	 * Waits for `work`, but not longer than the limit: then throws `connection.timeout`.
	 * @param discard what to do with a result that comes after that
	 */
	async race<T>(where: string, work: Promise<T>, discard?: (late: T) => Promise<void>): Promise<T> {
		let onOver = (): void => undefined;
		const over = new Promise<never>((_resolve, reject) => {
			onOver = () => reject(new MailError('connection.timeout', { subject: where }));
		});
		this.signal.addEventListener('abort', onOver, { once: true });
		if (this.signal.aborted) onOver();
		try {
			return await Promise.race([work, over]);
		} catch (error) {
			work.then(discard, () => undefined).catch(() => undefined);
			// Whatever breaks at that moment breaks because the time is over.
			throw this.signal.aborted ? new MailError('connection.timeout', { subject: where }) : error;
		} finally {
			this.signal.removeEventListener('abort', onOver);
		}
	}

	/** Must be called when nobody waits any more. */
	end(): void {
		clearTimeout(this.#timer);
	}
}
