const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;

/** How a server ends its lines; told by its status line. */
export type LineEnd = 'crlf' | 'lf';

/** What the decoder is in the middle of. */
type State = 'text' | 'lineStart' | 'dot' | 'dotCr' | 'ended';

export interface DecodedPiece {
	/** Content, without the dots that were stuffed; line ends as they came. */
	readonly content: readonly Buffer[];
	/** Present once the terminator has come: the bytes behind it. */
	readonly rest?: Buffer;
}

/**
 * Undoes the dot-stuffing of a multi-line answer (RFC 1939, section 3), on bytes, however they are cut.
 *
 * Where the server ends its lines with CR LF, nothing else ends a line: a sender's bare LF before a dot would otherwise end
 * the answer, and what follows in the mail would pass for the server's next answers.
 */
export class DotDecoder {
	#state: State = 'lineStart';
	#lastWasCr = false;
	readonly #lineEnd: LineEnd;

	constructor(lineEnd: LineEnd) {
		this.#lineEnd = lineEnd;
	}

	push(chunk: Buffer): DecodedPiece {
		const content: Buffer[] = [];
		let from = 0;
		let at = 0;
		const emit = (to: number) => {
			if (to > from) content.push(chunk.subarray(from, to));
		};
		while (at < chunk.length) {
			const byte = chunk[at] ?? 0;
			switch (this.#state) {
				case 'lineStart':
					if (byte === DOT) {
						emit(at);
						from = ++at;
						this.#state = 'dot';
					} else {
						this.#state = 'text';
						this.#lastWasCr = false;
					}
					break;
				case 'dot':
					if (byte === LF && this.#lineEnd === 'lf') {
						return this.#end(content, chunk.subarray(at + 1));
					}
					if (byte === CR) {
						from = ++at;
						this.#state = 'dotCr';
					} else {
						this.#state = 'text';
						this.#lastWasCr = false;
					}
					break;
				case 'dotCr':
					if (byte === LF) return this.#end(content, chunk.subarray(at + 1));
					// A line that consists of more than the dot: its CR was held back.
					content.push(Buffer.of(CR));
					this.#state = 'text';
					this.#lastWasCr = true;
					break;
				case 'text':
				case 'ended':
					at = this.#skipLine(chunk, at);
			}
		}
		emit(chunk.length);
		return { content };
	}

	/** Where the line ends that `at` is in; sets the state for what comes there. */
	#skipLine(chunk: Buffer, at: number): number {
		const lf = chunk.indexOf(LF, at);
		if (lf < 0) {
			this.#lastWasCr = chunk.at(-1) === CR;
			return chunk.length;
		}
		const afterCr = lf > at ? chunk[lf - 1] === CR : this.#lastWasCr;
		this.#lastWasCr = false;
		if (afterCr || this.#lineEnd === 'lf') this.#state = 'lineStart';
		return lf + 1;
	}

	#end(content: readonly Buffer[], rest: Buffer): DecodedPiece {
		this.#state = 'ended';
		return { content, rest };
	}
}
