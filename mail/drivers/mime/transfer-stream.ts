import { decodeTransfer } from './transfer-encoding';

/** Undoes a Content-Transfer-Encoding piece by piece. Never throws; gives the bytes that `decodeTransfer` gives. */
export interface TransferDecoder {
	/** The bytes that are certain by now. */
	write(bytes: Buffer): Buffer;
	/** What was held back until the end. */
	end(): Buffer;
}

export function createTransferDecoder(encoding: string): TransferDecoder {
	switch (encoding.trim().toLowerCase()) {
		case 'base64':
			return createHoldingDecoder('base64', splitBase64);
		case 'quoted-printable':
			return createHoldingDecoder('quoted-printable', splitQuotedPrintable);
		default:
			return { write: (bytes) => bytes, end: () => Buffer.alloc(0) };
	}
}

/** The length of what can be decoded without knowing what follows; the rest waits for it. */
type Split = (bytes: Buffer) => number;

/** Far above any line (RFC 5322, section 2.1.1): no input makes the decoder hold more than this, in bytes. */
const HELD_BYTES = 64 * 1024;

function createHoldingDecoder(encoding: string, split: Split): TransferDecoder {
	let held = Buffer.alloc(0);
	return {
		write(bytes) {
			const whole = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
			const safe = split(whole);
			const length = whole.length - safe > HELD_BYTES ? whole.length : safe;
			// A copy: a view would keep the whole piece in memory.
			held = Buffer.from(whole.subarray(length));
			return decodeTransfer(whole.subarray(0, length), encoding);
		},
		end() {
			const rest = decodeTransfer(held, encoding);
			held = Buffer.alloc(0);
			return rest;
		},
	};
}

const EQUALS = 0x3d;
const CR = 0x0d;

/** Up to the last group of four; a padding ends a group, however long it is, and starts the counting anew. */
function splitBase64(bytes: Buffer): number {
	// Whatever follows the last padding stands for itself, see `decodeTransfer`.
	const start = bytes.lastIndexOf(EQUALS) + 1;
	let safe = start;
	let characters = 0;
	for (let index = start; index < bytes.length; index++) {
		if (isBase64(bytes[index] ?? 0) && ++characters % 4 === 0) safe = index + 1;
	}
	return safe;
}

function isBase64(byte: number): boolean {
	return (
		(byte >= 0x41 && byte <= 0x5a) ||
		(byte >= 0x61 && byte <= 0x7a) ||
		(byte >= 0x30 && byte <= 0x39) ||
		byte === 0x2b ||
		byte === 0x2f
	);
}

/** Before blanks that a line end would make disappear, and before the beginning of an escape or a soft line break. */
function splitQuotedPrintable(bytes: Buffer): number {
	const last = bytes.length - 1;
	if (isHexDigit(bytes[last]) && bytes[last - 1] === EQUALS) return beforeEquals(bytes, last - 1);
	const end = bytes[last] === CR ? last : bytes.length;
	const text = endOfText(bytes, end);
	if (bytes[text - 1] === EQUALS) return beforeEquals(bytes, text - 1);
	// The blanks before a CR are known to go, whatever comes after it.
	return end === last ? bytes.length : text;
}

/** Each further `=` in front would be taken for a soft line break if nothing followed it. */
function beforeEquals(bytes: Buffer, start: number): number {
	let end = start;
	for (let text = endOfText(bytes, end); bytes[text - 1] === EQUALS; text = endOfText(bytes, end)) {
		end = text - 1;
	}
	return end;
}

/** `end` without the blanks before it. */
function endOfText(bytes: Buffer, end: number): number {
	let text = end;
	while (isBlank(bytes[text - 1])) text--;
	return text;
}

function isBlank(byte: number | undefined): boolean {
	return byte === 0x20 || byte === 0x09;
}

function isHexDigit(byte: number | undefined): boolean {
	return byte !== undefined && /^[0-9A-Fa-f]$/.test(String.fromCharCode(byte));
}
