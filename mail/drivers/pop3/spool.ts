import { open, mkdtemp, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SPOOL_IN_MEMORY_BYTES } from '../../limits';
import type { ByteRange } from '../mime/part-scanner';

/** A stream of a part reads pieces of this size, in bytes. */
const PIECE_BYTES = 64 * 1024;

/**
 * The bytes of one mail between its retrieval and the end of its reading: in memory, or in a file that only this user may
 * read. Where the system allows it, the file has no name any more while it is used, so that not even a killed process
 * leaves it behind.
 */
export class Spool {
	#memory: Buffer[] = [];
	#sizeBytes = 0;
	#file: FileHandle | undefined;
	#folder: string | undefined;
	#holders = 0;
	#isDisposed = false;
	#isGone = false;

	get sizeBytes(): number {
		return this.#sizeBytes;
	}

	async write(bytes: Buffer): Promise<void> {
		if (this.#file === undefined && this.#sizeBytes + bytes.length > SPOOL_IN_MEMORY_BYTES) {
			this.#file = await this.#openFile();
			await this.#file.appendFile(Buffer.concat(this.#memory));
			this.#memory = [];
		}
		this.#sizeBytes += bytes.length;
		if (this.#file === undefined) this.#memory.push(bytes);
		else await this.#file.appendFile(bytes);
	}

	/** A copy of a part of it. */
	async read({ start, end }: ByteRange): Promise<Buffer> {
		if (this.#isGone) throw new Error('the spool was given up');
		const length = Math.max(0, Math.min(end, this.#sizeBytes) - start);
		if (this.#file === undefined) return Buffer.from(this.#join().subarray(start, start + length));
		const { buffer, bytesRead } = await this.#file.read(Buffer.alloc(length), 0, length, start);
		return buffer.subarray(0, bytesRead);
	}

	/** As `read`, piece by piece. */
	async *pieces({ start, end }: ByteRange): AsyncGenerator<Buffer> {
		for (let at = start; at < end; at += PIECE_BYTES) {
			yield await this.read({ start: at, end: Math.min(end, at + PIECE_BYTES) });
		}
	}

	/** Keeps the bytes until the function that it returns is called, also when the spool is given up before. */
	hold(): () => void {
		this.#holders++;
		return () => {
			this.#holders--;
			if (this.#isDisposed) void this.dispose();
		};
	}

	/** Gives up memory and file. Never throws. */
	async dispose(): Promise<void> {
		this.#isDisposed = true;
		if (this.#holders > 0) return;
		this.#isGone = true;
		this.#memory = [];
		const file = this.#file;
		this.#file = undefined;
		this.#sizeBytes = 0;
		await file?.close().catch(() => undefined);
		await this.#removeFolder();
	}

	#join(): Buffer {
		if (this.#memory.length > 1) this.#memory = [Buffer.concat(this.#memory)];
		return this.#memory[0] ?? Buffer.alloc(0);
	}

	async #openFile(): Promise<FileHandle> {
		this.#folder = await mkdtemp(join(tmpdir(), 'n8n-email-'));
		const file = await open(join(this.#folder, 'message.eml'), 'wx+', 0o600);
		// Windows keeps the names of open files; then it goes when the spool is given up.
		await this.#removeFolder();
		return file;
	}

	async #removeFolder(): Promise<void> {
		if (this.#folder === undefined) return;
		const removed = rm(this.#folder, { recursive: true, force: true });
		await removed.then(() => (this.#folder = undefined)).catch(() => undefined);
	}
}
