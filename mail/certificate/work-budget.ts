import { certificateError } from './fault';

/**
 * Rounds of hashing that one .pfx may ask for in all. Exports have 2,000 to 100,000 rounds for each of its two or three
 * parts, careful ones 600,000; this many take some seconds.
 */
const ROUNDS = 3_000_000;

/** What the opening of one file has left. A file may ask for any number of rounds. */
export class WorkBudget {
	#left = ROUNDS;

	/** Before the work is done. Throws `auth.certificate`. */
	spend(rounds: number): void {
		this.#left -= rounds;
		if (this.#left < 0) throw certificateError('tooMuchWork');
	}
}
