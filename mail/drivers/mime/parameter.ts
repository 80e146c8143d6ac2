import { decodeText } from './charset';
import { decodeWords } from './encoded-word';

/** A structured header field: `attachment; filename="a.pdf"`. */
export interface StructuredValue {
	/** Lower case; empty where there is none. */
	readonly value: string;
	/** Lower-case names, decoded values (RFC 2047, RFC 2231). */
	readonly parameters: Readonly<Record<string, string>>;
}

/** No mailer writes more; a field made of parameters is made to hurt. */
const PARAMETERS = 200;

/**
 * Reads Content-Type, Content-Disposition and their like (RFC 2045, section 5.1). Never throws: what does not fit is
 * skipped.
 * @param text the field's value, unfolded and not decoded
 */
export function parseStructuredValue(text: string): StructuredValue {
	const source = withoutComments(text);
	const value = /^[^;]*/.exec(source)?.[0] ?? '';
	const found = new Map<string, string>();
	const parameter = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\[^])*)"?|([^;]*))/g;
	for (const match of source.slice(value.length).matchAll(parameter)) {
		const [, name = '', quoted, token = ''] = match;
		if (found.size >= PARAMETERS) break;
		const raw = quoted === undefined ? token.trim() : quoted.replace(/\\([^])/g, '$1');
		// The first of two wins, as with every field that may stand only once.
		if (!found.has(name.toLowerCase())) found.set(name.toLowerCase(), raw);
	}
	return { value: value.trim().toLowerCase(), parameters: joinParameters(found) };
}

/** RFC 5322, section 3.2.2: comments nest, and not in quotes. */
function withoutComments(text: string): string {
	if (!text.includes('(')) return text;
	let out = '';
	let depth = 0;
	let isQuoted = false;
	for (let index = 0; index < text.length; index++) {
		const character = text.charAt(index);
		if (character === '\\') {
			if (depth === 0) out += text.slice(index, index + 2);
			index++;
		} else if (depth === 0 && character === '"') {
			isQuoted = !isQuoted;
			out += character;
		} else if (!isQuoted && character === '(') depth++;
		else if (!isQuoted && character === ')' && depth > 0) depth--;
		else if (depth === 0) out += character;
	}
	return out;
}

interface Section {
	readonly number: number;
	readonly text: string;
	readonly isEncoded: boolean;
}

/** RFC 2231: `name*0*=utf-8''…`, `name*1=…` are pieces of `name`. */
function joinParameters(found: ReadonlyMap<string, string>): Record<string, string> {
	const plain = new Map<string, string>();
	const sections = new Map<string, Section[]>();
	for (const [name, text] of found) {
		const [, base, number = '0', star = ''] = /^(.+?)\*(\d{1,4})?(\*)?$/.exec(name) ?? [];
		if (base === undefined) {
			plain.set(name, decodePlain(text));
			continue;
		}
		const isEncoded = star === '*' || name === `${base}*`;
		const pieces = sections.get(base) ?? [];
		pieces.push({ number: Number(number), text, isEncoded });
		sections.set(base, pieces);
	}
	for (const [base, pieces] of sections) plain.set(base, joinSections(pieces));
	// No prototype: names come from the sender.
	return Object.assign(Object.create(null) as Record<string, string>, Object.fromEntries(plain));
}

/** Against the standard (RFC 2047, section 5), and everywhere: encoded words in a parameter. */
function decodePlain(text: string): string {
	const [, charset, , encoded] = /^([a-z\d_-]+)'([a-z-]*)'([!-~ ]+)$/i.exec(text) ?? [];
	// Written as if the name had its star.
	if (charset !== undefined && encoded !== undefined && encoded.includes('%')) {
		return decodeText(percentDecode(encoded), charset).text;
	}
	return decodeWords(text);
}

function joinSections(pieces: readonly Section[]): string {
	const ordered = [...pieces].sort((a, b) => a.number - b.number);
	const first = ordered[0];
	const [prefix, charset] =
		/^([^']*)'[^']*'/.exec(first?.isEncoded === true ? first.text : '') ?? [];
	if (prefix === undefined) return decodePlain(ordered.map(({ text }) => text).join(''));
	const bytes = ordered.map(({ text, isEncoded }, index) => {
		const own = index === 0 ? text.slice(prefix.length) : text;
		return isEncoded ? percentDecode(own) : Buffer.from(own, 'latin1');
	});
	return decodeText(Buffer.concat(bytes), charset ?? '').text;
}

function percentDecode(text: string): Buffer {
	const bytes = text.replace(/%([\dA-F]{2})/gi, (_, hex: string) =>
		String.fromCharCode(parseInt(hex, 16)),
	);
	return Buffer.from(bytes, 'latin1');
}
