import { createReadStream } from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { Turns } from './turns';

/** Bytes that can be read again and again. */
export interface SpooledBytes {
	readonly sizeBytes: number;
	/**
	 * @param start of the first byte that is wanted
	 * @param end of the first that is not; default: all to the last
	 */
	open(start?: number, end?: number): Readable;
	/** Removes the temporary file, if there is one. */
	dispose(): Promise<void>;
}

const FILE_CHUNK_BYTES = 64 * 1024;

/**
 * Mails on their way into a file, of the whole process: what nodemailer has encoded waits in memory for the disk, so
 * that ten at once need three times as much as two and are written no sooner.
 */
const largeMails = new Turns(2);

const LINE_FEED = 0x0a;
const CRLF = Buffer.from('\r\n');

/**
 * Keeps what is written to it: in memory up to the limit, otherwise in a file that only this user may read. A spool that
 * is destroyed before its end leaves nothing behind.
 */
export class Spool extends Writable {
	readonly #memoryLimitBytes: number;
	readonly #endsLines: boolean;
	#chunks: Buffer[] = [];
	#sizeBytes = 0;
	#lastByte: number | undefined;
	#file: FileHandle | undefined;
	#folder: string | undefined;
	/** Taken, or waited for, from the first byte for the file on. */
	#turn: Promise<void> | undefined;

	/** @param content of `lines` the last one always has its end */
	constructor(memoryLimitBytes: number, content: 'lines' | 'bytes' = 'lines') {
		super();
		this.#memoryLimitBytes = memoryLimitBytes;
		this.#endsLines = content === 'lines';
	}

	/** What was written until now. */
	get sizeBytes(): number {
		return this.#sizeBytes;
	}

	/** Only when it has finished. */
	result(): SpooledBytes {
		const sizeBytes = this.#sizeBytes;
		const folder = this.#folder;
		if (folder === undefined) {
			const bytes = Buffer.concat(this.#chunks, sizeBytes);
			return {
				sizeBytes,
				open: (start, end) => Readable.from(bytes.subarray(start, end)),
				dispose: async () => undefined,
			};
		}
		const path = toPath(folder);
		return {
			sizeBytes,
			open: (start = 0, end = sizeBytes) =>
				createReadStream(path, { start, end: end - 1, highWaterMark: FILE_CHUNK_BYTES }),
			dispose: async () => await rm(folder, { recursive: true, force: true }),
		};
	}

	override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
		this.#chunks.push(chunk);
		this.#sizeBytes += chunk.length;
		this.#lastByte = chunk.at(-1) ?? this.#lastByte;
		if (this.#sizeBytes <= this.#memoryLimitBytes) done();
		else this.#flush().then(() => done(), done);
	}

	override _final(done: (error?: Error | null) => void): void {
		const end = async () => {
			if (this.#endsLines && this.#lastByte !== LINE_FEED) {
				this.#chunks.push(CRLF);
				this.#sizeBytes += CRLF.length;
			}
			if (this.#folder === undefined) return;
			await this.#flush();
			await this.#file?.close();
			this.#file = undefined;
			this.#endTurn();
		};
		end().then(() => done(), done);
	}

	override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
		this.#endTurn();
		const folder = this.#folder;
		if (this.writableFinished || folder === undefined) return done(error);
		const clear = async () => {
			await this.#file?.close();
			await rm(folder, { recursive: true, force: true });
		};
		clear().then(
			() => done(error),
			() => done(error),
		);
	}

	#endTurn(): void {
		const turn = this.#turn;
		this.#turn = undefined;
		void turn?.then(() => largeMails.give());
	}

	async #flush(): Promise<void> {
		this.#turn ??= largeMails.take();
		await this.#turn;
		// Given up while it waited: nothing may be left behind.
		if (this.destroyed) return;
		const chunks = this.#chunks.splice(0);
		this.#folder ??= await mkdtemp(join(tmpdir(), 'n8n-email-'));
		this.#file ??= await open(toPath(this.#folder), 'wx', 0o600);
		for (const chunk of chunks) await this.#file.appendFile(chunk);
	}
}

function toPath(folder: string): string {
	return join(folder, 'content');
}
