import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** When a mail reached the workflow, by its subject; the first time counts. */
export type Records = ReadonlyMap<string, number>;

export function readRecords(file: string): Records {
	const records = new Map<string, number>();
	if (!existsSync(file)) return records;
	for (const line of readFileSync(file, 'utf8').split('\n')) {
		const space = line.indexOf(' ');
		const subject = line.slice(space + 1);
		if (space > 0 && !records.has(subject)) records.set(subject, Number(line.slice(0, space)));
	}
	return records;
}

/** Waits until `count` different mails are recorded, or until nothing new came for `quietMs`. */
export async function waitForRecords(
	file: string,
	count: number,
	quietMs: number,
): Promise<Records> {
	let seen = -1;
	let since = Date.now();
	for (;;) {
		const records = readRecords(file);
		if (records.size >= count) return records;
		if (records.size > seen) {
			seen = records.size;
			since = Date.now();
		}
		if (Date.now() - since > quietMs) return records;
		await pause(100);
	}
}
