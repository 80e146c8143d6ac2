import type { Checkpoint } from './checkpoint';
import { UidSet } from './uid-set';

/**
 * Which mails of one folder were seen, given to an execution, and finished; valid for one UIDVALIDITY.
 * A mail is open from its discovery until `finish`; it is never given twice at a time.
 */
export class Ledger {
	readonly uidValidity: string;
	#frontier: number;
	#newestReceivedAt: number;
	readonly #open: UidSet;
	readonly #attempts: Map<number, number>;
	/** Given by this process; their end is awaited. */
	readonly #inFlight = new Set<number>();

	constructor(checkpoint: Checkpoint) {
		this.uidValidity = checkpoint.uidValidity;
		this.#frontier = checkpoint.frontier;
		this.#newestReceivedAt = checkpoint.newestReceivedAt;
		this.#open = UidSet.fromRanges(checkpoint.open);
		this.#attempts = new Map(checkpoint.given);
	}

	/** Mails with this UID or a higher one have not been seen. */
	get frontier(): number {
		return this.#frontier;
	}

	get newestReceivedAt(): number {
		return this.#newestReceivedAt;
	}

	/** Given at least once, by this process or an earlier one, without a known end. */
	wasGiven(uid: number): boolean {
		return this.#attempts.has(uid);
	}

	/** Adds UIDs that a search found at or above the frontier. */
	discover(uids: readonly number[]): void {
		for (const uid of uids) {
			if (uid < this.#frontier) continue;
			this.#open.add(uid);
			this.#frontier = uid + 1;
		}
	}

	/** Up to `count` open mails that are neither in flight nor held elsewhere, lowest UID first. */
	nextDue(count: number, isHeld: (uid: number) => boolean): number[] {
		const due: number[] = [];
		for (const uid of this.#open.values()) {
			if (due.length === count) break;
			if (!this.#inFlight.has(uid) && !isHeld(uid)) due.push(uid);
		}
		return due;
	}

	/** How many open mails are not in flight. */
	get dueCount(): number {
		return this.#open.size - this.#inFlight.size;
	}

	/** Marks a mail as given. Returns the number of this attempt, 1 for the first. */
	give(uid: number, receivedAt: Date): number {
		const attempt = (this.#attempts.get(uid) ?? 0) + 1;
		this.#attempts.set(uid, attempt);
		this.#inFlight.add(uid);
		this.#newestReceivedAt = Math.max(this.#newestReceivedAt, receivedAt.getTime());
		return attempt;
	}

	/** The mail needs no further execution. */
	finish(uid: number): void {
		this.#inFlight.delete(uid);
		this.#attempts.delete(uid);
		this.#open.delete(uid);
	}

	/**
	 * For mails whose end only the host knows: they are given again under the same attempt, so that the host
	 * recognises them by their key.
	 */
	withdrawAttempts(): void {
		for (const uid of [...this.#attempts.keys()]) this.takeBack(uid);
	}

	/** The execution never began: the mail is due again, and the attempt does not count. */
	takeBack(uid: number): void {
		this.#inFlight.delete(uid);
		const attempts = this.#attempts.get(uid) ?? 1;
		if (attempts > 1) this.#attempts.set(uid, attempts - 1);
		else this.#attempts.delete(uid);
	}

	toCheckpoint(): Checkpoint {
		return {
			uidValidity: this.uidValidity,
			frontier: this.#frontier,
			open: this.#open.toRanges(),
			given: [...this.#attempts],
			newestReceivedAt: this.#newestReceivedAt,
		};
	}
}
