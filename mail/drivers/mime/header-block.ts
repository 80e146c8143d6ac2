import { decodeText } from './charset';
import { decodeWords } from './encoded-word';

/** Header fields that are kept; a mail with more is made to hurt. */
const FIELDS = 2_000;

/** Longest value, in characters, of one field; decoding is linear, but nobody reads more. */
const VALUE_CHARACTERS = 100_000;

export type Headers = ReadonlyMap<string, readonly string[]>;

export interface HeaderField {
	/** Lower case. */
	readonly name: string;
	/** Unfolded, not decoded: what stands in quotes or comments can only be told before that. */
	readonly value: string;
}

/**
 * The fields of a header block (RFC 5322, section 2.2): lower-case names in the order of the message; values
 * unfolded and decoded (RFC 2047). Never throws. A line that is no field is skipped; a last line that was cut is
 * taken as it is.
 */
export function parseHeaderBlock(block: Uint8Array): Headers {
	const headers = new Map<string, string[]>();
	for (const { name, value } of readHeaderFields(block)) {
		const decoded = cleanHeaderValue(decodeWords(value));
		const values = headers.get(name);
		if (values === undefined) headers.set(name, [decoded]);
		else values.push(decoded);
	}
	return headers;
}

/** The fields that `parseHeaderBlock` keeps, one by one. */
export function* readHeaderFields(block: Uint8Array): Generator<HeaderField> {
	let count = 0;
	for (const field of unfold(decodeText(block, '').text)) {
		const [, name, value] = /^([!-9;-~]+)[ \t]*:([^]*)$/.exec(field) ?? [];
		if (name === undefined || value === undefined) continue;
		if (++count > FIELDS) return;
		yield { name: name.toLowerCase(), value: value.slice(0, VALUE_CHARACTERS) };
	}
}

/** Lines joined with their continuations; ends at the empty line. */
function* unfold(text: string): Generator<string> {
	let parts: string[] = [];
	for (const line of text.split(/\r\n|\n|\r/)) {
		if (/^[ \t]/.test(line) && parts.length > 0) {
			parts.push(line);
			continue;
		}
		if (parts.length > 0) yield parts.join('');
		if (line === '') return;
		parts = [line];
	}
	if (parts.length > 0) yield parts.join('');
}

/** One line without control characters. */
export function cleanHeaderValue(value: string): string {
	return value.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}
