import type { Socket } from 'node:net';
import { MailError } from '../../errors';

/** Longest line, and all unread bytes, that a server may send before a session exists. */
const LINE_BYTES = 16 * 1024;

/** Reads lines from a socket that a library takes over later; no byte is lost on the way. */
export class LineReader {
	#buffer = Buffer.alloc(0);
	#failure: Error | undefined;
	#wake: (() => void) | undefined;
	readonly #socket: Socket;
	readonly #where: string;

	constructor(socket: Socket, where: string) {
		this.#socket = socket;
		this.#where = where;
		socket.on('readable', this.#onReadable);
		socket.on('error', this.#onError);
		socket.on('end', this.#onEnd);
		socket.on('close', this.#onEnd);
		// What has ended already says so no more.
		if (socket.destroyed || socket.readableEnded) this.#onEnd();
	}

	/** The next line without its end, as Latin-1. Throws when the connection ends or the line is too long. */
	async readLine(): Promise<string> {
		for (;;) {
			const end = this.#buffer.indexOf(0x0a);
			if (end >= 0) {
				const line = this.#buffer.toString('latin1', 0, end).replace(/\r$/, '');
				this.#buffer = this.#buffer.subarray(end + 1);
				return line;
			}
			if (this.#buffer.length > LINE_BYTES) {
				throw new MailError('server.protocol', { subject: this.#where });
			}
			if (this.#failure !== undefined) throw this.#failure;
			await new Promise<void>((resolve) => (this.#wake = resolve));
		}
	}

	/** Bytes that arrived and were not asked for. */
	get unreadBytes(): number {
		return this.#buffer.length;
	}

	/** Lets go of the socket; unread bytes go back to it. */
	release(): void {
		this.#socket.off('readable', this.#onReadable);
		this.#socket.off('error', this.#onError);
		this.#socket.off('end', this.#onEnd);
		this.#socket.off('close', this.#onEnd);
		if (this.#buffer.length > 0 && !this.#socket.destroyed) this.#socket.unshift(this.#buffer);
	}

	// 'readable' rather than 'data': when this listener goes, the stream is neither flowing nor paused,
	// so that the next owner may use any way of reading.
	readonly #onReadable = () => {
		let chunk: unknown;
		while (this.#buffer.length <= LINE_BYTES && (chunk = this.#socket.read()) !== null) {
			if (Buffer.isBuffer(chunk)) this.#buffer = Buffer.concat([this.#buffer, chunk]);
		}
		this.#wake?.();
	};

	readonly #onError = (error: Error) => {
		this.#failure ??= error;
		this.#wake?.();
	};

	readonly #onEnd = () => {
		this.#onError(new MailError('connection.lost', { subject: this.#where, retryable: true }));
	};
}
