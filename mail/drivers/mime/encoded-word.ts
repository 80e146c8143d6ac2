import { decodeText } from './charset';
import { decodeTransfer } from './transfer-encoding';

/** `=?charset*language?B?data?=`; the language is of RFC 2231, section 5. */
const WORD = /=\?([^?*\s]+)(?:\*[^?]*)?\?([BbQq])\?([^?]*)\?=/g;

/**
 * Decodes the encoded words of a header's value (RFC 2047). Bytes of neighbouring words with the same charset
 * are joined before they are decoded: mailers cut characters in half.
 */
export function decodeWords(value: string): string {
	if (!value.includes('=?')) return value;
	let out = '';
	let last = 0;
	let pending: { charset: string; pieces: Buffer[] } | undefined;
	const flush = () => {
		if (pending !== undefined)
			out += decodeText(Buffer.concat(pending.pieces), pending.charset).text;
		pending = undefined;
	};
	for (const match of value.matchAll(WORD)) {
		const [whole, charset = '', encoding = '', data = ''] = match;
		const between = value.slice(last, match.index);
		// Section 6.2: white space between encoded words is not shown.
		if (pending === undefined || between.trim() !== '') {
			flush();
			out += between;
		}
		const bytes = toBytes(encoding, data);
		if (pending?.charset.toLowerCase() === charset.toLowerCase()) pending.pieces.push(bytes);
		else {
			flush();
			pending = { charset, pieces: [bytes] };
		}
		last = match.index + whole.length;
	}
	flush();
	return out + value.slice(last);
}

function toBytes(encoding: string, data: string): Buffer {
	const isBase64 = encoding.toUpperCase() === 'B';
	const text = isBase64 ? data : data.replaceAll('_', '=20');
	return decodeTransfer(Buffer.from(text, 'latin1'), isBase64 ? 'base64' : 'quoted-printable');
}
