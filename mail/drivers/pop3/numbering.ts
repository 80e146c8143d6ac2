import { randomInt } from 'node:crypto';

/** What `Numbering` keeps between sessions: plain JSON. */
export interface NumberingMemory {
	/** Stands for UIDVALIDITY. */
	readonly epoch: string;
	/** The next number. */
	readonly next: number;
	/** Number and UIDL of every mail on the server, ascending by number. */
	readonly names: ReadonlyArray<readonly [number, string]>;
}

/** RFC 3501, section 2.3.1.1: UIDVALIDITY has 32 bits. */
const EPOCHS = 2 ** 32;

/**
 * Gives the mails of a maildrop numbers that last, for POP3 has only names (UIDL, RFC 1939, section 7) and positions, which
 * change with every session. Ascending in the order of the first listing that holds them; numbers are never used again.
 *
 * A lost memory begins another epoch, as a changed UIDVALIDITY does. So does a maildrop in which not one of the remembered
 * names is left when it is opened: it was rebuilt, or emptied by somebody else, and the numbers say nothing any more.
 */
export class Numbering {
	#epoch: string;
	#next: number;
	/** Several mails of one name only where the server breaks the standard. */
	#byName: Map<string, number[]>;
	#names = new Map<number, string>();
	#isChecked = false;
	#memory: NumberingMemory | undefined;

	/** @param memory what `toMemory` gave; anything else begins anew */
	constructor(memory?: unknown) {
		const known = toNumberingMemory(memory);
		this.#epoch = known?.epoch ?? toEpoch();
		this.#next = known?.next ?? 1;
		this.#byName = new Map();
		for (const [uid, name] of known?.names ?? []) this.#add(uid, name);
	}

	get epoch(): string {
		return this.#epoch;
	}

	get next(): number {
		return this.#next;
	}

	/** @param names of all mails on the server, in its order. Returns their numbers, in the same order. */
	assign(names: readonly string[]): number[] {
		this.#memory = undefined;
		const listed = new Map<string, number>();
		for (const name of names) listed.set(name, (listed.get(name) ?? 0) + 1);
		if (!this.#isChecked && this.#isForeign(listed)) this.#beginAnew();
		this.#isChecked = true;
		for (const [name, uids] of this.#byName) {
			// Which one of several mails of one name is gone, nobody can say: all are new rather than one is lost.
			if ((listed.get(name) ?? 0) < uids.length) this.#remove(name);
		}
		const used = new Map<string, number>();
		return names.map((name) => {
			const index = used.get(name) ?? 0;
			used.set(name, index + 1);
			return this.#byName.get(name)?.[index] ?? this.#add(this.#next++, name);
		});
	}

	/** The mails are gone from the server, by our own hand. */
	forget(uids: readonly number[]): void {
		this.#memory = undefined;
		for (const uid of uids) {
			const name = this.#names.get(uid);
			if (name === undefined) continue;
			this.#names.delete(uid);
			const left = (this.#byName.get(name) ?? []).filter((other) => other !== uid);
			if (left.length === 0) this.#byName.delete(name);
			else this.#byName.set(name, left);
		}
	}

	nameOf(uid: number): string | undefined {
		return this.#names.get(uid);
	}

	numberOf(name: string): number | undefined {
		return this.#byName.get(name)?.[0];
	}

	toMemory(): NumberingMemory {
		this.#memory ??= {
			epoch: this.#epoch,
			next: this.#next,
			names: [...this.#names].sort(([a], [b]) => a - b),
		};
		return this.#memory;
	}

	#add(uid: number, name: string): number {
		this.#names.set(uid, name);
		const uids = this.#byName.get(name);
		if (uids === undefined) this.#byName.set(name, [uid]);
		else uids.push(uid);
		return uid;
	}

	#remove(name: string): void {
		for (const uid of this.#byName.get(name) ?? []) this.#names.delete(uid);
		this.#byName.delete(name);
	}

	#isForeign(listed: ReadonlyMap<string, number>): boolean {
		if (this.#byName.size === 0 || listed.size === 0) return false;
		return [...this.#byName.keys()].every((name) => !listed.has(name));
	}

	#beginAnew(): void {
		this.#epoch = toEpoch(this.#epoch);
		this.#next = 1;
		this.#byName.clear();
		this.#names.clear();
	}
}

function toEpoch(other?: string): string {
	const epoch = String(randomInt(1, EPOCHS));
	return epoch === other ? toEpoch(other) : epoch;
}

/** Undefined for everything that `toMemory` cannot have given. */
function toNumberingMemory(value: unknown): NumberingMemory | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const { epoch, next, names } = value as Record<string, unknown>;
	if (typeof epoch !== 'string' || !/^[1-9]\d{0,9}$/.test(epoch)) return undefined;
	if (!isUid(next) || !Array.isArray(names)) return undefined;
	const pairs: Array<[number, string]> = [];
	let last = 0;
	for (const pair of names as unknown[]) {
		if (!Array.isArray(pair)) return undefined;
		const [uid, name] = pair as unknown[];
		if (!isUid(uid) || uid <= last || uid >= next || typeof name !== 'string') return undefined;
		pairs.push([uid, name]);
		last = uid;
	}
	return { epoch, next, names: pairs };
}

function isUid(value: unknown): value is number {
	return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
