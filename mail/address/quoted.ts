/** Quoted strings and comments (RFC 5322, sections 3.2.2 and 3.2.4): where they end, what they mean. */

/** The position after the closing quote of the string that starts at `at`; -1 where it is not closed. */
export function endOfQuotedString(text: string, at: number): number {
	for (let index = at + 1; index < text.length; index++) {
		const character = text[index];
		if (character === '\\') index++;
		else if (character === '"') return index + 1;
	}
	return -1;
}

/** The position after the comment that starts at `at`; comments nest. -1 where it is not closed. */
export function endOfComment(text: string, at: number): number {
	let depth = 0;
	for (let index = at; index < text.length; index++) {
		const character = text[index];
		if (character === '\\') index++;
		else if (character === '(') depth++;
		else if (character === ')' && --depth === 0) return index + 1;
	}
	return -1;
}

/** The content of a quoted string or comment, given with its delimiters. */
export function toUnquoted(quoted: string): string {
	return quoted.slice(1, -1).replace(/\\(.)/gsu, '$1');
}

export function toQuotedString(text: string): string {
	return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
