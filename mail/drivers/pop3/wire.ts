import type { Duplex } from 'node:stream';
import { MailError } from '../../errors';
import { toConnectionError } from '../net/error';
import type { LineEnd } from './dot-decoder';

/** RFC 2449, section 4: a status line has at most 512 bytes; servers that explain themselves send more. */
const STATUS_LINE_BYTES = 8 * 1024;

const LF = 0x0a;
const EMPTY = Buffer.alloc(0);

export interface StatusLine {
	/** Without its line end, as Latin-1. */
	readonly text: string;
	readonly lineEnd: LineEnd;
}

/**
 * The bytes of one connection, pulled by whoever waits for an answer, so that a slow reader slows the server down. What
 * ends the connection ends the one who waits; a connection that failed stays failed.
 */
export class Wire {
	readonly #socket: Duplex;
	readonly #where: string;
	#unread: Buffer = EMPTY;
	#failure: MailError | undefined;
	#wake: (() => void) | undefined;

	constructor(socket: Duplex, where: string) {
		this.#socket = socket;
		this.#where = where;
		socket.on('readable', () => this.#onReadable());
		socket.on('error', (error) => this.fail(toConnectionError(error, where)));
		socket.on('end', () => this.fail(this.#lost()));
		socket.on('close', () => this.fail(this.#lost()));
		if (socket.destroyed || socket.readableEnded) this.fail(this.#lost());
	}

	/** Why the connection is of no use any more. */
	get failure(): MailError | undefined {
		return this.#failure;
	}

	/** Ends the connection; the first reason counts. */
	fail(reason: MailError): void {
		this.#failure ??= reason;
		this.#socket.destroy();
		this.#wake?.();
	}

	write(line: string): void {
		if (this.#failure !== undefined) throw this.#failure;
		this.#socket.write(line, 'utf8');
	}

	/** Bytes that arrived and were not asked for: the dialogue is out of step. */
	get unreadBytes(): number {
		return this.#unread.length + this.#socket.readableLength;
	}

	/** The next bytes. Throws when none comes for `silenceMs`. */
	async read(silenceMs: number): Promise<Buffer> {
		return await this.#before(silenceMs, async () => await this.#next());
	}

	/** Gives back what was read too far. */
	unread(bytes: Buffer): void {
		this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([bytes, this.#unread]);
	}

	/** A line, which has to be complete within `timeoutMs`. Too long a line ends the connection. */
	async readStatusLine(timeoutMs: number): Promise<StatusLine> {
		return await this.#before(timeoutMs, async () => {
			const pieces: Buffer[] = [];
			let length = 0;
			for (;;) {
				const chunk = await this.#next();
				const end = chunk.indexOf(LF);
				pieces.push(end < 0 ? chunk : chunk.subarray(0, end));
				length += end < 0 ? chunk.length : end;
				if (length > STATUS_LINE_BYTES) {
					this.fail(new MailError('server.protocol', { subject: this.#where }));
					throw this.#failure;
				}
				if (end < 0) continue;
				this.unread(chunk.subarray(end + 1));
				const text = Buffer.concat(pieces).toString('latin1');
				return text.endsWith('\r')
					? { text: text.slice(0, -1), lineEnd: 'crlf' }
					: { text, lineEnd: 'lf' };
			}
		});
	}

	async #next(): Promise<Buffer> {
		for (;;) {
			if (this.#unread.length > 0) {
				const bytes = this.#unread;
				this.#unread = EMPTY;
				return bytes;
			}
			const chunk: unknown = this.#failure === undefined ? this.#socket.read() : null;
			if (Buffer.isBuffer(chunk)) return chunk;
			if (this.#failure !== undefined) throw this.#failure;
			await new Promise<void>((resolve) => (this.#wake = resolve));
			this.#wake = undefined;
		}
	}

	async #before<T>(limitMs: number, wait: () => Promise<T>): Promise<T> {
		const timer = setTimeout(
			() =>
				this.fail(new MailError('connection.timeout', { subject: this.#where, retryable: true })),
			limitMs,
		);
		try {
			return await wait();
		} finally {
			clearTimeout(timer);
		}
	}

	#onReadable(): void {
		if (this.#wake !== undefined) this.#wake();
		// Node tells of the end of a stream only to somebody who tries to read.
		else if (this.#socket.readableLength === 0) this.#socket.read();
	}

	#lost(): MailError {
		return new MailError('connection.lost', { subject: this.#where, retryable: true });
	}
}
