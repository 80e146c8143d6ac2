import { RECONNECT_FIRST_MS } from '../limits';

/**
 * Pauses between tries: doubled each time up to a limit, each shortened by up to half at random so that the
 * triggers of one host do not come back all at once.
 */
export class BackOff {
	#failures = 0;

	constructor(private readonly random: () => number = Math.random) {}

	/** @param limitMs the longest pause, in ms */
	nextMs(limitMs: number): number {
		const full = Math.min(RECONNECT_FIRST_MS * 2 ** this.#failures, limitMs);
		this.#failures++;
		return Math.round(full * (1 - this.random() / 2));
	}

	reset(): void {
		this.#failures = 0;
	}
}
