import { BATCH_BYTES } from '../limits';
import type { FetchedHead } from '../ports';

/** Neighbours whose sizes together stay below `BATCH_BYTES`; a larger mail stands alone. */
export function groupBySize(heads: readonly FetchedHead[]): FetchedHead[][] {
	const groups: FetchedHead[][] = [];
	let bytes = Infinity;
	for (const entry of heads) {
		const size = 'head' in entry ? entry.head.sizeBytes : 0;
		if (bytes + size > BATCH_BYTES) {
			groups.push([]);
			bytes = 0;
		}
		groups.at(-1)?.push(entry);
		bytes += size;
	}
	return groups;
}
