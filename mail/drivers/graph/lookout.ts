import { type DeltaCall, type DeltaEntry, isExpired, readDelta } from './delta';
import type { FolderMemory } from './memory';
import type { Numbering } from './numbering';
import { SeenIds } from './seen-ids';

/** Mails are filed some minutes after the time that they bear, and changes are told with delay. */
const LATENESS_MS = 15 * 60_000;

interface Arrival {
	readonly id: string;
	readonly receivedMs: number;
}

/** What a lookout remembers besides the numbers. */
export type LookoutMemory = Pick<
	FolderMemory,
	'open' | 'link' | 'oldBefore' | 'lookedAt' | 'seen' | 'hasForgotten'
>;

/** Finds out which messages are new in a folder, and sees to it that they have numbers. */
export class Lookout {
	readonly #numbering: Numbering;
	readonly #seen: SeenIds;
	readonly #oldBefore: number;
	#link: string | undefined;
	#lookedAt: number;
	#isOpen: (uid: number) => boolean;

	constructor(numbering: Numbering, memory: LookoutMemory) {
		this.#numbering = numbering;
		this.#seen = new SeenIds(memory.seen, memory.hasForgotten);
		this.#oldBefore = memory.oldBefore;
		this.#link = memory.link;
		this.#lookedAt = memory.lookedAt;
		const open = new Set(memory.open);
		this.#isOpen = (uid) => open.has(uid);
	}

	/**
	 * The number of a message that was met without looking for new ones; `receivedMs`: its time of receipt, ms since 1970. One
	 * that came after us is noted, for it may be moved away before the next look, and back after it.
	 */
	numberOf(id: string, receivedMs: number): number {
		const isOld = receivedMs < this.#oldBefore || this.#seen.has(id);
		const uid = this.#numbering.number(id, isOld);
		if (!isOld) this.#seen.add(id);
		return uid;
	}

	/** Numbers all that came since the last look, the oldest first. Throws MailError. */
	async look(call: DeltaCall): Promise<void> {
		try {
			await this.#readRound(call, this.#link);
		} catch (error) {
			if (this.#link === undefined || !isExpired(error)) throw error;
			await this.#readRound(call, undefined);
		}
	}

	/** @param isOpen whether the engine has not finished a message; also asked by later looks */
	toMemory(isOpen: (uid: number) => boolean): LookoutMemory {
		this.#isOpen = isOpen;
		return {
			open: this.#numbering.numbers().filter(isOpen),
			link: this.#link,
			oldBefore: this.#oldBefore,
			lookedAt: this.#lookedAt,
			seen: this.#seen.toText(),
			hasForgotten: this.#seen.hasForgotten,
		};
	}

	/**
	 * Nothing is noted before the round is over: where it breaks off, the next one sees the same again.
	 *
	 * @param link undefined: everything in the folder is told, whether we knew it or not
	 */
	async #readRound(call: DeltaCall, link: string | undefined): Promise<void> {
		const isFirst = this.#link === undefined;
		const arrivals = new Map<string, Arrival>();
		const old: string[] = [];
		const gone = new Set<string>();
		let newest = this.#lookedAt;
		let next: string | undefined;
		for await (const { entries, deltaLink } of readDelta(call, link)) {
			for (const entry of entries) {
				if (entry.isRemoved) {
					gone.add(entry.id);
					arrivals.delete(entry.id);
					continue;
				}
				gone.delete(entry.id);
				const { id, receivedAt } = entry;
				// A fragment, by which a changed read mark is told, or an unfinished mail.
				if (receivedAt === undefined || entry.isDraft) continue;
				const receivedMs = receivedAt.getTime();
				newest = Math.max(newest, receivedMs);
				if (this.#isNew(entry, receivedMs, link, isFirst)) arrivals.set(id, { id, receivedMs });
				else old.push(id);
			}
			next = deltaLink;
		}
		this.#link = next ?? link;
		this.#lookedAt = newest;
		for (const id of gone) this.#leave(id);
		if (link === undefined) for (const id of old) this.#seen.add(id);
		const inOrder = [...arrivals.values()].sort((a, b) => a.receivedMs - b.receivedMs);
		for (const { id } of inOrder) {
			this.#seen.add(id);
			this.#numbering.number(id, false);
		}
	}

	/** A message that was to be read is not here: where it comes back, it has to be given. */
	miss(id: string): void {
		this.#seen.remove(id);
		this.#numbering.forget(id);
	}

	/** One that left before it was finished, and comes back, has to be given. */
	#leave(id: string): void {
		const uid = this.#numbering.numberOf(id);
		if (uid !== undefined && this.#isOpen(uid)) this.#seen.remove(id);
		this.#numbering.forget(id);
	}

	#isNew(
		{ id, modifiedAt }: DeltaEntry,
		receivedMs: number,
		link: string | undefined,
		isFirst: boolean,
	): boolean {
		if (this.#numbering.numberOf(id) !== undefined || this.#seen.has(id)) return false;
		if (isFirst) return receivedMs >= this.#oldBefore;
		// Of everything that was ever here we know each: what is unknown was moved in.
		if (!this.#seen.hasForgotten) return true;
		const latest =
			link === undefined ? receivedMs : Math.max(receivedMs, modifiedAt?.getTime() ?? 0);
		return latest >= this.#lookedAt - LATENESS_MS;
	}
}
