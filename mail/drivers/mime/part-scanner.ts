import { HEADER_BYTES, NESTING_DEPTH, PARTS } from '../../limits';
import { readPartHeader } from './part-header';
import type { PartNode } from './structure';

/** Where the body of a part lies in the message: from its first byte to the one behind its last. */
export interface ByteRange {
	readonly start: number;
	readonly end: number;
}

/** What a message consists of, and where. */
export interface ScannedMessage {
	readonly header: Buffer;
	readonly root: PartNode;
	/** By what FETCH calls them: `1.2`, `TEXT` for a message of one part. */
	readonly ranges: ReadonlyMap<string, ByteRange>;
	/** Parts were left out because there are too many of them, or too deep. */
	readonly omitted: boolean;
}

const LF = 0x0a;
const CR = 0x0d;

/** A line is held until it is known not to be a boundary; a longer one is none. */
const LINE_BYTES = 2_000;

/** Header of a part inside the message, in bytes; that of the message itself has `HEADER_BYTES`. */
const PART_HEADER_BYTES = 64 * 1024;

/** Leaves and multiparts together: the tree may hold one leaf more than is looked at, so that this is noticed. */
const NODES = 2 * PARTS + 2;

interface Node {
	part?: string;
	type: string;
	size?: number;
	childNodes?: Node[];
}

interface Multipart {
	readonly node: Node;
	readonly boundary: string;
	readonly path: readonly number[];
}

interface OpenPart {
	readonly node: Node;
	readonly path: readonly number[];
	readonly parent: string;
	readonly headerLimit: number;
	/** Undefined while the header lasts. */
	start?: number;
}

/**
 * Finds the parts of a message (RFC 2046, section 5.1) while its bytes come in, however they are cut, and holds none of
 * them but the headers. Never throws. What a message encloses (message/rfc822) is a part of one piece.
 *
 * Not mailsplit: it gives no offsets, throws the whole mail away at each of its limits, and a part without its own last
 * boundary runs on past that of the multiparts around it.
 */
export class PartScanner {
	readonly #ranges = new Map<string, ByteRange>();
	readonly #multiparts: Multipart[] = [];
	/** How many open multiparts have this delimiter line: a look-up instead of a search in each line. */
	readonly #delimiters = new Map<string, number>();
	readonly #root: Node = { type: 'text/plain' };
	#part: OpenPart | undefined;
	/** Header of the open part; one that grows, because a header may consist of a million lines. */
	#header = Buffer.allocUnsafe(8 * 1024);
	#headerBytes = 0;
	#rootHeader: Buffer | undefined;
	#nodes = 1;
	#omitted = false;
	/** Bytes before the chunk that comes next, without what is held. */
	#offset = 0;
	#held: Buffer = Buffer.alloc(0);
	/** In a line whose beginning was given up as too long. */
	#inLongLine = false;
	/** Length of the line end before the current line: it belongs to the boundary that follows it. */
	#lastLineEnd = 0;

	constructor() {
		this.#part = toOpenPart(this.#root, [], '', HEADER_BYTES);
	}

	push(bytes: Buffer): void {
		const chunk = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
		let from = 0;
		for (let lf = chunk.indexOf(LF, this.#held.length); lf >= 0; lf = chunk.indexOf(LF, from)) {
			const line = chunk.subarray(from, lf + 1);
			if (this.#inLongLine) this.#passLine(line);
			else this.#readLine(line, this.#offset + from);
			this.#lastLineEnd = endsWithCrLf(line) ? 2 : 1;
			this.#inLongLine = false;
			from = lf + 1;
		}
		const rest = chunk.subarray(from);
		if (this.#inLongLine || rest.length > LINE_BYTES) {
			this.#passLine(rest);
			this.#inLongLine = true;
			this.#held = Buffer.alloc(0);
			this.#offset += chunk.length;
		} else {
			// A copy: a view would keep the whole chunk in memory.
			this.#held = Buffer.from(rest);
			this.#offset += from;
		}
	}

	end(): ScannedMessage {
		if (this.#held.length > 0) this.#readLine(this.#held, this.#offset);
		this.#closePart(this.#offset + this.#held.length, 0);
		return {
			header: this.#rootHeader ?? Buffer.alloc(0),
			root: this.#root,
			ranges: this.#ranges,
			omitted: this.#omitted,
		};
	}

	/** @param at where the line begins in the message */
	#readLine(line: Buffer, at: number): void {
		if (line[0] === 0x2d && line[1] === 0x2d && line.length <= LINE_BYTES) {
			const text = line.toString('latin1').trimEnd();
			if (this.#delimiters.has(text)) return this.#cross(text, at);
		}
		const part = this.#part;
		if (part === undefined || part.start !== undefined) return;
		if (line.length === 1 || (line.length === 2 && line[0] === CR)) {
			this.#endHeader(part, at + line.length);
		} else this.#passLine(line);
	}

	/** Nothing but a piece of a header matters of a line that is no boundary. */
	#passLine(piece: Buffer): void {
		const part = this.#part;
		if (part === undefined || part.start !== undefined) return;
		const wanted = piece.subarray(0, Math.max(0, part.headerLimit - this.#headerBytes));
		while (this.#headerBytes + wanted.length > this.#header.length) {
			this.#header = Buffer.concat([this.#header], 2 * this.#header.length);
		}
		this.#headerBytes += wanted.copy(this.#header, this.#headerBytes);
	}

	#endHeader(part: OpenPart, start: number): void {
		const block = Buffer.from(this.#header.subarray(0, this.#headerBytes));
		this.#headerBytes = 0;
		part.start = start;
		const { boundary, ...fields } = readPartHeader(block, part.parent);
		Object.assign(part.node, fields);
		if (part.node === this.#root) this.#rootHeader = block;
		if (boundary === undefined) return;
		if (this.#multiparts.length > NESTING_DEPTH) {
			this.#omitted = true;
			return;
		}
		part.node.childNodes = [];
		const { node, path } = part;
		this.#multiparts.push({ node, boundary, path });
		this.#count(boundary, 1);
		this.#part = undefined;
	}

	/** At the boundary of an open multipart, which need not be the innermost one. */
	#cross(delimiter: string, at: number): void {
		this.#closePart(at, this.#lastLineEnd);
		let multipart = this.#multiparts.at(-1);
		while (multipart !== undefined && !isDelimiterOf(delimiter, multipart.boundary)) {
			this.#closeMultipart();
			multipart = this.#multiparts.at(-1);
		}
		if (multipart === undefined) return;
		if (delimiter === `--${multipart.boundary}`) this.#openPart(multipart);
		else this.#closeMultipart();
	}

	#openPart({ node: parent, path }: Multipart): void {
		const siblings = (parent.childNodes ??= []);
		if (++this.#nodes > NODES) {
			this.#omitted = true;
			return;
		}
		const own = [...path, siblings.length + 1];
		const node: Node = { part: own.join('.'), type: 'text/plain' };
		siblings.push(node);
		this.#part = toOpenPart(node, own, parent.type, PART_HEADER_BYTES);
	}

	/** @param lineEnd how many bytes before `at` belong to the boundary there */
	#closePart(at: number, lineEnd: number): void {
		const part = this.#part;
		if (part === undefined) return;
		// A header without an end is the whole part.
		if (part.start === undefined) this.#endHeader(part, at);
		this.#part = undefined;
		const start = part.start ?? at;
		const end = Math.max(start, at - lineEnd);
		if (part.node.childNodes !== undefined) return;
		part.node.size = end - start;
		this.#ranges.set(part.path.length === 0 ? 'TEXT' : part.path.join('.'), { start, end });
	}

	#closeMultipart(): void {
		const closed = this.#multiparts.pop();
		if (closed !== undefined) this.#count(closed.boundary, -1);
	}

	#count(boundary: string, change: 1 | -1): void {
		for (const delimiter of [`--${boundary}`, `--${boundary}--`]) {
			const count = (this.#delimiters.get(delimiter) ?? 0) + change;
			if (count > 0) this.#delimiters.set(delimiter, count);
			else this.#delimiters.delete(delimiter);
		}
	}
}

function isDelimiterOf(delimiter: string, boundary: string): boolean {
	return delimiter === `--${boundary}` || delimiter === `--${boundary}--`;
}

function endsWithCrLf(line: Buffer): boolean {
	return line.at(-2) === CR;
}

function toOpenPart(
	node: Node,
	path: readonly number[],
	parent: string,
	headerLimit: number,
): OpenPart {
	return { node, path, parent, headerLimit };
}
