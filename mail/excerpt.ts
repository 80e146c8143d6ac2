const EXCERPT_CHARACTERS = 80;

/** What a user typed, quoted for a sentence: `"foo"`; one printable line, cut after 80 characters. */
export function toExcerpt(text: string): string {
	const cut = text.length > EXCERPT_CHARACTERS ? `${text.slice(0, EXCERPT_CHARACTERS)}…` : text;
	return `"${cut.replace(/[\p{Cc}\p{Cs}\u2028\u2029]/gu, toEscape)}"`;
}

function toEscape(character: string): string {
	const quoted = JSON.stringify(character);
	if (quoted.length > 3) return quoted.slice(1, -1);
	return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
