/** Messages per command: scattered UIDs make long lines, and servers bound those (Dovecot: 64 kB). */
const MESSAGES_PER_COMMAND = 2_000;

/** As many UIDs at a time as one command may name. */
export function* toUidBatches(uids: readonly number[]): Generator<readonly number[]> {
	for (let start = 0; start < uids.length; start += MESSAGES_PER_COMMAND) {
		yield uids.slice(start, start + MESSAGES_PER_COMMAND);
	}
}

/** A sequence set (RFC 9051, section 9): `1:3,7`. Expects no duplicates; the order does not matter. */
export function toUidRange(uids: readonly number[]): string {
	const ranges: string[] = [];
	let first: number | undefined;
	let last: number | undefined;
	const close = () => {
		if (first !== undefined) ranges.push(first === last ? `${first}` : `${first}:${last}`);
	};
	for (const uid of [...uids].sort((a, b) => a - b)) {
		if (last !== undefined && uid === last + 1) {
			last = uid;
			continue;
		}
		close();
		first = last = uid;
	}
	close();
	return ranges.join(',');
}
