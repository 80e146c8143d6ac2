/** Longest value that is told, in characters: RFC 5321 knows none longer for addresses and names. */
const NAME_CHARACTERS = 320;

/** A server's words may fill several lines. */
const WORDS_CHARACTERS = 1_000;

/** `rfc822; ann@example.com`: what stands behind the type (RFC 3464, section 2.1.2). */
const TYPED = /^\s*([\w-]{1,40})\s*;\s*([^]*)$/;

/** The address of a recipient field; empty where there is none. */
export function toReportAddress(field: string | undefined): string {
	const [, type = '', typed = field ?? ''] = TYPED.exec(field ?? '') ?? [];
	const plain = type.toLowerCase() === 'utf-8' ? decodeUnitext(typed) : typed;
	const [, bracketed] = /<([^<>]*)>/.exec(plain) ?? [];
	return toLine(bracketed ?? withoutComments(plain), NAME_CHARACTERS);
}

/** The name of a server: `dns; mx.example.com (192.0.2.1)` is `mx.example.com`. */
export function toServerName(field: string | undefined): string {
	const [, , typed = field ?? ''] = TYPED.exec(field ?? '') ?? [];
	return toLine(withoutComments(typed), NAME_CHARACTERS).replace(/\.$/, '');
}

/** What a server said, in one line. */
export function toDiagnostic(field: string | undefined): string {
	const [, , typed = field ?? ''] = TYPED.exec(field ?? '') ?? [];
	return toLine(typed, WORDS_CHARACTERS);
}

export function toLine(text: string, characters: number): string {
	return text
		.slice(0, 4 * characters)
		.replace(/[\p{Cc}\p{Cs}\s\u2028\u2029]+/gu, ' ')
		.trim()
		.slice(0, characters);
}

/** RFC 5322, section 3.2.2; a comment without an end goes to the end. */
export function withoutComments(text: string): string {
	let depth = 0;
	let rest = '';
	for (const character of text) {
		if (character === '(') depth++;
		else if (character === ')') depth = Math.max(0, depth - 1);
		else if (depth === 0) rest += character;
	}
	return rest.trim();
}

/** RFC 6533, section 3: `\x{e4}` for characters beyond ASCII. */
function decodeUnitext(text: string): string {
	return text.replace(/\\x\{([0-9a-f]{1,6})\}/gi, (whole, hex: string) => {
		const code = parseInt(hex, 16);
		const isCharacter = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
		return isCharacter ? String.fromCodePoint(code) : whole;
	});
}
