import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Bytes that can be read again and again. */
export interface SpooledBytes {
	readonly sizeBytes: number;
	open(): Readable;
	/** Removes the temporary file, if there is one. */
	dispose(): Promise<void>;
}

const FILE_CHUNK_BYTES = 256 * 1024;

/** Reads the source to its end: into memory up to the limit, otherwise into a file that only this user may read. */
export async function spool(source: Readable, memoryLimitBytes: number): Promise<SpooledBytes> {
	const head: Buffer[] = [];
	let headBytes = 0;
	const chunks = source.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
	for await (const chunk of chunks) {
		head.push(chunk);
		headBytes += chunk.length;
		if (headBytes > memoryLimitBytes) return await toFile(head, source);
	}
	return toMemory(Buffer.concat(head, headBytes));
}

function toMemory(bytes: Buffer): SpooledBytes {
	return {
		sizeBytes: bytes.length,
		open: () => Readable.from(bytes),
		dispose: async () => undefined,
	};
}

async function toFile(head: readonly Buffer[], rest: Readable): Promise<SpooledBytes> {
	const folder = await mkdtemp(join(tmpdir(), 'n8n-email-'));
	const dispose = async () => await rm(folder, { recursive: true, force: true });
	const path = join(folder, 'message.eml');
	try {
		const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
		await pipeline(concatenate(head, rest), file);
		return {
			sizeBytes: file.bytesWritten,
			open: () => createReadStream(path, { highWaterMark: FILE_CHUNK_BYTES }),
			dispose,
		};
	} catch (error) {
		rest.destroy();
		await dispose();
		throw error;
	}
}

async function* concatenate(head: readonly Buffer[], rest: Readable): AsyncGenerator<Buffer> {
	yield* head;
	yield* rest;
}
