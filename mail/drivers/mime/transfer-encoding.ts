/** Undoes a Content-Transfer-Encoding (RFC 2045, section 6). Never throws; broken input gives what can be read. */
export function decodeTransfer(bytes: Buffer, encoding: string): Buffer {
	return (decoders.get(encoding.trim().toLowerCase()) ?? identity)(bytes);
}

/** False for encodings that are passed on as they are because nobody knows them. */
export function isKnownTransferEncoding(encoding: string): boolean {
	return decoders.has(encoding.trim().toLowerCase());
}

const identity = (bytes: Buffer): Buffer => bytes;

const decoders: ReadonlyMap<string, (bytes: Buffer) => Buffer> = new Map([
	['', identity],
	['7bit', identity],
	['8bit', identity],
	['binary', identity],
	['base64', decodeBase64],
	['quoted-printable', decodeQuotedPrintable],
]);

function decodeBase64(bytes: Buffer): Buffer {
	if (isOrdinaryBase64(bytes)) return Buffer.from(bytes.toString('latin1'), 'base64');
	const text = bytes.toString('latin1').replace(/[^A-Za-z0-9+/=]+/g, '');
	const padded = text.indexOf('=');
	if (padded < 0 || padded >= text.length - 2) return Buffer.from(text, 'base64');
	// Some mailers join files that were encoded one by one: padding in the middle ends a piece, not the data.
	return Buffer.concat(
		text.split(/=+/).map((piece) => Buffer.from(piece.slice(0, usable(piece.length)), 'base64')),
	);
}

/** Without padding in the middle, and without what Node would take for the URL-safe alphabet: as nearly all are. */
function isOrdinaryBase64(bytes: Buffer): boolean {
	const padded = bytes.indexOf(EQUALS);
	const isWhole = padded < 0 || bytes.toString('latin1', padded).replace(/[=\s]+/g, '') === '';
	return isWhole && bytes.indexOf(MINUS) < 0 && bytes.indexOf(UNDERSCORE) < 0;
}

/** A single left-over character carries six bits: no byte. */
function usable(length: number): number {
	return length % 4 === 1 ? length - 1 : length;
}

const EQUALS = 0x3d;
const MINUS = 0x2d;
const UNDERSCORE = 0x5f;
const CR = 0x0d;
const LF = 0x0a;

function decodeQuotedPrintable(bytes: Buffer): Buffer {
	const out = Buffer.allocUnsafe(bytes.length);
	let length = 0;
	/** Blanks at the end of `out` that were not encoded. */
	let blanks = 0;
	for (let index = 0; index < bytes.length; index++) {
		const byte = bytes[index] ?? 0;
		if (byte === EQUALS) {
			const softBreak = softBreakLength(bytes, index);
			const value = softBreak > 0 ? -1 : hexValue(bytes, index + 1);
			if (softBreak > 0) {
				blanks = 0;
				index += softBreak - 1;
				continue;
			}
			if (value >= 0) {
				out[length++] = value;
				blanks = 0;
				index += 2;
				continue;
			}
		} else if (byte === CR || byte === LF) {
			// RFC 2045, section 6.7, rule 3: white space at the end of a line was added in transit.
			length -= blanks;
			blanks = 0;
		}
		blanks = isBlank(byte) ? blanks + 1 : 0;
		out[length++] = byte;
	}
	return out.subarray(0, length);
}

/** `=`, white space, line end: the length of a soft line break at `index`, 0 where there is none. */
function softBreakLength(bytes: Buffer, index: number): number {
	let end = index + 1;
	while (isBlank(bytes[end])) end++;
	if (bytes[end] === CR && bytes[end + 1] === LF) return end + 2 - index;
	if (bytes[end] === LF || end === bytes.length) return end + 1 - index;
	return 0;
}

function isBlank(byte: number | undefined): boolean {
	return byte === 0x20 || byte === 0x09;
}

function hexValue(bytes: Buffer, index: number): number {
	const text = bytes.toString('latin1', index, index + 2);
	return /^[0-9A-Fa-f]{2}$/.test(text) ? parseInt(text, 16) : -1;
}
