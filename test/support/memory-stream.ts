import { Duplex } from 'node:stream';

/** The client's end of a connection without a network: what the client writes goes to `onLine`, line by line. */
export class MemoryStream extends Duplex {
	readonly lines: string[] = [];
	#rest = '';
	readonly #onLine: (line: string, stream: MemoryStream) => void;

	constructor(onLine: (line: string, stream: MemoryStream) => void) {
		super({ allowHalfOpen: false });
		this.#onLine = onLine;
	}

	/** Bytes from the server, in pieces that the client gets one by one. */
	async say(pieces: readonly Buffer[]): Promise<void> {
		for (const piece of pieces) {
			if (this.destroyed) return;
			if (piece.length > 0) this.push(piece);
			await new Promise((resolve) => setImmediate(resolve));
		}
	}

	/** The server ends the connection. */
	hangUp(): void {
		this.push(null);
	}

	override _read(): void {}

	override _write(chunk: Buffer, _encoding: string, done: () => void): void {
		this.#rest += chunk.toString('latin1');
		for (let end = this.#rest.indexOf('\r\n'); end >= 0; end = this.#rest.indexOf('\r\n')) {
			const line = this.#rest.slice(0, end);
			this.#rest = this.#rest.slice(end + 2);
			this.lines.push(line);
			this.#onLine(line, this);
		}
		done();
	}
}
