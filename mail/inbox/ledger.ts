import type { Checkpoint } from './checkpoint';
import { UidSet } from './uid-set';

/** The mails that one execution was given. */
export interface Execution {
	readonly key: string;
	readonly uids: readonly number[];
}

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
	readonly #executions: Map<string, readonly number[]>;
	/** Executions of an earlier process, to be asked for again under their own keys. */
	#repeats: Execution[] = [];

	constructor(checkpoint: Checkpoint) {
		this.uidValidity = checkpoint.uidValidity;
		this.#frontier = checkpoint.frontier;
		this.#newestReceivedAt = checkpoint.newestReceivedAt;
		this.#open = UidSet.fromRanges(checkpoint.open);
		this.#attempts = new Map(checkpoint.given);
		this.#executions = new Map(checkpoint.executions);
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
		const waitsForRepeat = new Set(this.#repeats.flatMap(({ uids }) => uids));
		for (const uid of this.#open.values()) {
			if (due.length === count) break;
			if (!this.#inFlight.has(uid) && !waitsForRepeat.has(uid) && !isHeld(uid)) due.push(uid);
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
		this.#forgetExecutionOf(uid);
	}

	/** The mails of `uids` were given to the execution with this key. */
	note({ key, uids }: Execution): void {
		this.#executions.set(key, uids);
		this.#repeats = this.#repeats.filter((repeat) => repeat.key !== key);
	}

	/**
	 * For mails whose end only the host knows: the executions of an earlier process are asked for again, with the same
	 * mails and keys, so that the host refuses those that it has.
	 */
	repeatExecutions(): void {
		this.#repeats = [...this.#executions].map(([key, uids]) => ({ key, uids }));
		for (const { uids } of this.#repeats) for (const uid of uids) this.#uncount(uid);
	}

	/**
	 * The next execution to ask for again, until `note` or `finish` says that it was; undefined where there is none, or
	 * where its mails are held elsewhere.
	 */
	nextRepeat(isHeld: (uid: number) => boolean): Execution | undefined {
		return this.#repeats.find(({ uids }) => !uids.some(isHeld));
	}

	/** The execution never began: the mail is due again, and the attempt does not count. */
	takeBack(uid: number): void {
		this.#inFlight.delete(uid);
		this.#uncount(uid);
		this.#forgetExecutionOf(uid);
	}

	#uncount(uid: number): void {
		const attempts = this.#attempts.get(uid) ?? 1;
		if (attempts > 1) this.#attempts.set(uid, attempts - 1);
		else this.#attempts.delete(uid);
	}

	#forgetExecutionOf(uid: number): void {
		for (const [key, uids] of this.#executions) {
			if (uids.includes(uid)) this.#executions.delete(key);
		}
		this.#repeats = this.#repeats.filter(({ uids }) => !uids.includes(uid));
	}

	toCheckpoint(): Checkpoint {
		return {
			uidValidity: this.uidValidity,
			frontier: this.#frontier,
			open: this.#open.toRanges(),
			given: [...this.#attempts],
			executions: [...this.#executions],
			newestReceivedAt: this.#newestReceivedAt,
		};
	}
}
