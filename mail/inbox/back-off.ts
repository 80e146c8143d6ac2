import { RECONNECT_FIRST_MS, RECONNECT_LAST_MS } from '../limits';

/**
 * Pauses between reconnects: doubled each time up to a limit, each shortened by up to half at random so that the
 * triggers of one host do not come back all at once.
 */
export class BackOff {
	#failures = 0;

	constructor(private readonly random: () => number = Math.random) {}

	nextMs(): number {
		const full = Math.min(RECONNECT_FIRST_MS * 2 ** this.#failures, RECONNECT_LAST_MS);
		this.#failures++;
		return Math.round(full * (1 - this.random() / 2));
	}

	reset(): void {
		this.#failures = 0;
	}
}
