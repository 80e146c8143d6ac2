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
