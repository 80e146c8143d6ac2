import {
	closeSync,
	existsSync,
	fstatSync,
	openSync,
	readFileSync,
	readSync,
	statSync,
	watch,
	writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import * as z from 'zod';
import type { RecordLine } from './evidence';

const recordLine = z.object({
	t: z.number(),
	phase: z.enum(['start', 'end']),
	id: z.string().nullable(),
	executionId: z.string(),
	// n8n's own trigger has neither.
	deliveryId: z.string().default(''),
	attempt: z.number().default(1),
});

/** What the recorder nodes have written. */
export class RecordFile {
	constructor(readonly path: string) {
		if (!existsSync(path)) writeFileSync(path, '');
	}

	/** A line that a kill has cut is left out. */
	read(): RecordLine[] {
		return toLines(readFileSync(this.path, 'utf8'));
	}

	get sizeBytes(): number {
		return statSync(this.path).size;
	}

	/** Resolves as soon as a line of this phase is added; rejects when the signal is aborted. */
	async waitFor(phase: RecordLine['phase'], signal: AbortSignal): Promise<void> {
		const watcher = watch(this.path, { signal });
		watcher.on('error', () => undefined);
		let position = statSync(this.path).size;
		try {
			for (;;) {
				// Read without a pause before the next wait: what is written meanwhile would be missed.
				const added = readFrom(this.path, position);
				position += added.length;
				if (toLines(added.toString()).some((line) => line.phase === phase)) return;
				await once(watcher, 'change', { signal });
			}
		} finally {
			watcher.close();
		}
	}
}

function readFrom(path: string, position: number): Buffer {
	const file = openSync(path, 'r');
	try {
		const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - position));
		return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, position));
	} finally {
		closeSync(file);
	}
}

function toLines(text: string): RecordLine[] {
	return text.split('\n').flatMap((line) => {
		const parsed = recordLine.safeParse(toJson(line));
		return parsed.success ? [parsed.data] : [];
	});
}

function toJson(line: string): unknown {
	try {
		return JSON.parse(line);
	} catch {
		return undefined;
	}
}
