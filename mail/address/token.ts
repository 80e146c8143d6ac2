import { endOfComment, endOfQuotedString } from './quoted';

export type TokenKind =
	| 'space'
	| 'word'
	| 'quoted'
	| 'comment'
	| 'literal'
	| 'angle'
	| 'comma'
	| 'semicolon'
	| 'colon'
	| 'unclosed';

/** A piece of an address list; `text` as typed, with its delimiters. */
export interface Token {
	readonly kind: TokenKind;
	readonly text: string;
}

interface Reader {
	readonly kind: TokenKind;
	/** The position after the token that starts at `at`, -1 where it is not closed. */
	readonly end: (text: string, at: number) => number;
}

const single = (kind: TokenKind): Reader => ({ kind, end: (_text, at) => at + 1 });

/** By the character that starts the token; other characters start words and spaces. */
const readers: ReadonlyMap<string, Reader> = new Map([
	['"', { kind: 'quoted', end: endOfQuotedString }],
	['(', { kind: 'comment', end: endOfComment }],
	['<', { kind: 'angle', end: endOfAngle }],
	['[', { kind: 'literal', end: endOfLiteral }],
	[',', single('comma')],
	[';', single('semicolon')],
	[':', single('colon')],
]);

const SPACE = /\s+/y;
const WORD = /[^\s"(<[,;:]+/y;

/** Cuts an address list into tokens (RFC 5322, section 3.2), in linear time. The last one may be `unclosed`. */
export function toTokens(text: string): Token[] {
	const tokens: Token[] = [];
	for (let at = 0; at < text.length;) {
		const { kind, end } = readToken(text, at);
		tokens.push({ kind, text: text.slice(at, end) });
		at = end;
	}
	return tokens;
}

function readToken(text: string, at: number): { kind: TokenKind; end: number } {
	const reader = readers.get(text.charAt(at));
	if (reader !== undefined) {
		const end = reader.end(text, at);
		return end === -1 ? { kind: 'unclosed', end: text.length } : { kind: reader.kind, end };
	}
	SPACE.lastIndex = at;
	if (SPACE.test(text)) return { kind: 'space', end: SPACE.lastIndex };
	WORD.lastIndex = at;
	WORD.test(text);
	return { kind: 'word', end: WORD.lastIndex };
}

/** `<…>`; a `>` in a quoted local part does not close it. */
function endOfAngle(text: string, at: number): number {
	for (let index = at + 1; index < text.length;) {
		const character = text[index];
		if (character === '>') return index + 1;
		index = character === '"' ? endOfQuotedString(text, index) : index + 1;
		if (index === -1) return -1;
	}
	return -1;
}

/** Only behind an @ does `[` begin an address literal, whose colons are its own; in a name it stands for itself. */
function endOfLiteral(text: string, at: number): number {
	if (text[at - 1] !== '@') return at + 1;
	const end = text.indexOf(']', at);
	return end === -1 ? -1 : end + 1;
}
