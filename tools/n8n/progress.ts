import { statfs } from 'node:fs/promises';

/** Prints one line. */
export type Say = (line: string) => void;

const TICK_MS = 5_000;
/** Below this, other programs' writing would be most of the figure. */
const WORTH_SAYING_BYTES = 50 * 1024 ** 2;

/**
 * Runs `work` and says every few seconds that it is still going on, for how long, and how much has been written
 * beside `folder`. The size is what the disk lost meanwhile: walking 200,000 new files would slow the work itself.
 */
export async function withProgress<T>(
	say: Say,
	title: string,
	folder: string,
	work: () => Promise<T>,
): Promise<T> {
	const startedAt = Date.now();
	const freeBefore = await freeBytes(folder);
	say(`${title} …`);
	const report = async (): Promise<void> => {
		const written = freeBefore - (await freeBytes(folder));
		const size = written < WORTH_SAYING_BYTES ? '' : `, ${toSize(written)} written so far`;
		say(`  … ${title}: ${toDuration(Date.now() - startedAt)}${size}`);
	};
	const timer = setInterval(() => void report().catch(() => undefined), TICK_MS);
	try {
		const result = await work();
		say(`  ${title}: done in ${toDuration(Date.now() - startedAt)}`);
		return result;
	} finally {
		clearInterval(timer);
	}
}

/** Bytes an ordinary user may still write on the disk that holds `folder`. */
export async function freeBytes(folder: string): Promise<number> {
	const disk = await statfs(folder);
	return disk.bavail * disk.bsize;
}

export function toDuration(milliseconds: number): string {
	const seconds = Math.round(milliseconds / 1000);
	return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

export function toSize(bytes: number): string {
	const megabytes = bytes / 1024 ** 2;
	return megabytes < 1000 ? `${Math.round(megabytes)} MB` : `${(megabytes / 1024).toFixed(1)} GB`;
}
