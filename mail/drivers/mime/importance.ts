import type { Importance } from '../../message';
import type { Headers } from './header-block';

const words: ReadonlyMap<string, Importance> = new Map([
	['high', 'high'],
	['urgent', 'high'],
	['highest', 'high'],
	['normal', 'normal'],
	['low', 'low'],
	['non-urgent', 'low'],
	['lowest', 'low'],
]);

/** Leading digit: mailers write `1 (Highest)`. */
const degrees: Readonly<Record<string, Importance>> = {
	1: 'high',
	2: 'high',
	3: 'normal',
	4: 'low',
	5: 'low',
};

const byWord = (value: string): Importance | undefined => words.get(value.trim().toLowerCase());
const byDegree = (value: string): Importance | undefined =>
	degrees[/^\s*([1-5])(?!\d)/.exec(value)?.[1] ?? ''];

/**
 * The first of these that says something decides. Importance and Priority: RFC 4021, sections 2.1.54 and 2.1.55;
 * the others are customs of Microsoft's and other mailers.
 */
const fields: ReadonlyArray<readonly [string, (value: string) => Importance | undefined]> = [
	['importance', byWord],
	['x-priority', byDegree],
	['x-msmail-priority', byWord],
	['priority', byWord],
];

export function toImportance(headers: Headers): Importance {
	for (const [name, read] of fields) {
		const value = headers.get(name)?.[0];
		const importance = value === undefined ? undefined : read(value);
		if (importance !== undefined) return importance;
	}
	return 'normal';
}
