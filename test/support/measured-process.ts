import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type * as z from 'zod';

/**
 * V8's young generation, in MB. With its own size it holds tens of megabytes of garbage before it is cleared, the more
 * the faster the machine: the memory that a process grows by would tell of that, and not of what it keeps.
 */
const YOUNG_GENERATION_MB = 1;

/**
 * Runs a script in a process of its own, so that the memory it measures is nobody else's, and reads the line of JSON
 * that it prints.
 *
 * @param heapMb of the old generation at most; V8's own choice without it
 */
export async function runMeasured<T>(
	script: string,
	args: readonly string[],
	result: z.ZodType<T>,
	heapMb?: number,
): Promise<T> {
	const { stdout } = await promisify(execFile)(process.execPath, [
		`--max-semi-space-size=${YOUNG_GENERATION_MB}`,
		...(heapMb === undefined ? [] : [`--max-old-space-size=${heapMb}`]),
		...['--require', join(__dirname, '../../tools/typescript.cjs')],
		script,
		...args,
	]);
	return result.parse(JSON.parse(stdout));
}
