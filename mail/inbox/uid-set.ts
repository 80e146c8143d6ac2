/** A set of message UIDs as sorted, disjoint, inclusive ranges: small even for a mailbox of 100,000 mails. */
export type UidRanges = ReadonlyArray<readonly [first: number, last: number]>;

export class UidSet {
	#ranges: Array<[number, number]> = [];

	static fromRanges(ranges: UidRanges): UidSet {
		const set = new UidSet();
		for (const [first, last] of ranges) set.addRange(first, last);
		return set;
	}

	get size(): number {
		return this.#ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
	}

	has(uid: number): boolean {
		const range = this.#ranges[this.#indexAt(uid)];
		return range !== undefined && range[0] <= uid;
	}

	add(uid: number): void {
		this.addRange(uid, uid);
	}

	addRange(first: number, last: number): void {
		if (last < first) return;
		const start = this.#indexAt(first - 1);
		let end = start;
		let from = first;
		let to = last;
		for (; end < this.#ranges.length; end++) {
			const range = this.#ranges[end];
			if (range === undefined || range[0] > last + 1) break;
			from = Math.min(from, range[0]);
			to = Math.max(to, range[1]);
		}
		this.#ranges.splice(start, end - start, [from, to]);
	}

	delete(uid: number): void {
		const index = this.#indexAt(uid);
		const range = this.#ranges[index];
		if (range === undefined || range[0] > uid) return;
		const [first, last] = range;
		const rest: Array<[number, number]> = [];
		if (first < uid) rest.push([first, uid - 1]);
		if (uid < last) rest.push([uid + 1, last]);
		this.#ranges.splice(index, 1, ...rest);
	}

	/** Ascending. */
	*values(): IterableIterator<number> {
		for (const [first, last] of this.#ranges) {
			for (let uid = first; uid <= last; uid++) yield uid;
		}
	}

	toRanges(): Array<[number, number]> {
		return this.#ranges.map(([first, last]) => [first, last]);
	}

	/** Index of the first range that ends at or after `uid`. */
	#indexAt(uid: number): number {
		let low = 0;
		let high = this.#ranges.length;
		while (low < high) {
			const middle = (low + high) >>> 1;
			const range = this.#ranges[middle];
			if (range !== undefined && range[1] < uid) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}
