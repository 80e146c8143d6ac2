import { randomInt } from 'node:crypto';
import { GRAPH_KNOWN_IDS } from '../../limits';
import type { NumberedIds } from './memory';

/** RFC 3501, section 2.3.1.1: UIDVALIDITY has 32 bits. */
const EPOCHS = 2 ** 32;

/**
 * Gives messages numbers that last, for Graph has ids only. Numbers are never used again. What was in the folder when the
 * epoch began has numbers set aside for it, which are given when somebody asks for those messages; new ones get the next.
 */
export class Numbering {
	readonly epoch: string;
	#next: number;
	/** Numbers set aside, from this one up to and without the other. */
	#nextOld: number;
	readonly #endOld: number;
	readonly #ids = new Map<number, string>();
	readonly #numbers = new Map<string, number>();

	/** @param known what `toMemory` gave, or how many messages there are in the folder */
	constructor(known: NumberedIds | number) {
		if (typeof known === 'number') {
			this.epoch = String(randomInt(1, EPOCHS));
			this.#nextOld = 1;
			this.#endOld = known + 1;
			this.#next = known + 1;
			return;
		}
		({ epoch: this.epoch, next: this.#next } = known);
		[this.#nextOld, this.#endOld] = known.old;
		for (const [uid, id] of known.ids) this.#put(uid, id);
	}

	get next(): number {
		return this.#next;
	}

	/** Whether a message that was there from the beginning may still be without a number, below this one. */
	hasUnnumberedFrom(uid: number): boolean {
		return uid < this.#endOld && this.#nextOld < this.#endOld;
	}

	idOf(uid: number): string | undefined {
		return this.#ids.get(uid);
	}

	numberOf(id: string): number | undefined {
		return this.#numbers.get(id);
	}

	/** Ascending numbers of all that are known. */
	numbers(): number[] {
		return [...this.#ids.keys()].sort((a, b) => a - b);
	}

	/** The number of a message; a new one gets one, `old` or not. */
	number(id: string, isOld: boolean): number {
		const known = this.#numbers.get(id);
		if (known !== undefined) return known;
		const uid = isOld && this.#nextOld < this.#endOld ? this.#nextOld++ : this.#next++;
		this.#put(uid, id);
		return uid;
	}

	/** The message is not in the folder any more. */
	forget(id: string): void {
		const uid = this.#numbers.get(id);
		if (uid === undefined) return;
		this.#numbers.delete(id);
		this.#ids.delete(uid);
	}

	/** Forgets what nobody may ask for, except for the newest. */
	toMemory(isNeeded: (uid: number) => boolean): NumberedIds {
		const ids = [...this.#ids].sort(([a], [b]) => a - b);
		const firstRecent = ids.length - GRAPH_KNOWN_IDS;
		const kept = ids.filter(([uid], index) => index >= firstRecent || isNeeded(uid));
		if (kept.length < ids.length) {
			const remaining = new Set(kept.map(([uid]) => uid));
			for (const [uid, id] of ids) if (!remaining.has(uid)) this.forget(id);
		}
		return { epoch: this.epoch, next: this.#next, old: [this.#nextOld, this.#endOld], ids: kept };
	}

	#put(uid: number, id: string): void {
		this.#ids.set(uid, id);
		this.#numbers.set(id, uid);
	}
}
