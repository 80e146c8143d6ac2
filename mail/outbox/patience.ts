import { isMailError, MailError, withDetails } from '../errors';
import { SEND_FIRST_PAUSE_MS, SEND_LAST_PAUSE_MS, SEND_PATIENCE_MS, SEND_TRIES } from '../limits';
import type { Log } from '../ports';

export interface PatienceTerms {
	/** In all. */
	readonly tries: number;
	/** Doubled from pause to pause until the last. */
	readonly firstPauseMs: number;
	readonly lastPauseMs: number;
	/** No try begins later than this after the first. */
	readonly patienceMs: number;
}

const usualTerms: PatienceTerms = {
	tries: SEND_TRIES,
	firstPauseMs: SEND_FIRST_PAUSE_MS,
	lastPauseMs: SEND_LAST_PAUSE_MS,
	patienceMs: SEND_PATIENCE_MS,
};

/**
 * How often and how long a mail is tried that the server puts off. Only a `retryable` failure is tried again: it proves
 * that nothing was accepted. Where a mail was given up, the next ones are tried once, until one is taken: a batch of
 * thousands does not wait out an outage thousands of times.
 */
export class Patience {
	readonly #log: Log;
	readonly #terms: PatienceTerms;
	#isSpent = false;

	constructor(log: Log, terms: PatienceTerms = usualTerms) {
		this.#log = log;
		this.#terms = terms;
	}

	/** Settles as the last try does. Throws `send.cancelled` when the signal fires during a pause. */
	async run<T>(attempt: () => Promise<T>, signal?: AbortSignal): Promise<T> {
		const startMs = Date.now();
		for (let tries = 1; ; tries++) {
			try {
				const result = await attempt();
				this.#isSpent = false;
				return result;
			} catch (error) {
				if (!isMailError(error) || !error.retryable) throw error;
				const pauseMs = Math.max(toPause(tries, this.#terms), error.retryAfterMs ?? 0);
				const elapsedMs = Date.now() - startMs;
				const { tries: limit, patienceMs } = this.#terms;
				if (this.#isSpent || tries >= limit || elapsedMs + pauseMs > patienceMs) {
					this.#isSpent = true;
					throw tries === 1 ? error : toGivenUp(error, tries, elapsedMs);
				}
				this.#log.info(`${error.message}. The e-mail is tried again in ${pauseMs} ms`);
				await pause(pauseMs, signal);
			}
		}
	}
}

/** Resolves after the time; throws `send.cancelled` when the signal fires before. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const end = () => {
			signal?.removeEventListener('abort', cancel);
			resolve();
		};
		const timer = setTimeout(end, ms);
		const cancel = () => {
			clearTimeout(timer);
			reject(new MailError('send.cancelled', { cause: signal?.reason }));
		};
		if (signal?.aborted === true) cancel();
		else signal?.addEventListener('abort', cancel, { once: true });
	});
}

/** Between half and the whole of the doubled pause: those who were refused together do not come back together. */
function toPause(tries: number, { firstPauseMs, lastPauseMs }: PatienceTerms): number {
	const longest = Math.min(firstPauseMs * 2 ** (tries - 1), lastPauseMs);
	return Math.round(longest * (0.5 + Math.random() / 2));
}

function toGivenUp(error: MailError, tries: number, elapsedMs: number): MailError {
	const seconds = Math.ceil(elapsedMs / 1000);
	return withDetails(error, {
		cause: error.cause,
		remedy: `It was tried ${tries} times within ${seconds} seconds, and nothing was accepted. ${error.remedy}`,
	});
}
