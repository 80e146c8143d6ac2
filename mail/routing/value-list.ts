import type { Refuse } from './refusal';

/**
 * Splits a `;` list as typed. An entry that begins with a double quote keeps its `;` up to the closing quote; quotes around
 * the whole entry fall away, `""` between them stands for one. A quote inside an entry (`5" disk`) is an ordinary character.
 * Entries are trimmed, empty ones skipped.
 */
export function splitList(text: string, refuse: Refuse): string[] {
	const entries: string[] = [];
	for (let at = 0; at < text.length;) {
		const start = skipSpace(text, at);
		const quoteEnd = text[start] === '"' ? endOfQuote(text, start) : start;
		if (quoteEnd === -1) return refuse('a double quote is not closed');
		const separator = text.indexOf(';', quoteEnd);
		const end = separator === -1 ? text.length : separator;
		const entry = withoutQuotes(text.slice(start, end).trim(), quoteEnd - start);
		if (entry !== '') entries.push(entry);
		at = end + 1;
	}
	return entries;
}

/** Like `splitList`; refuses a list without entries. `what` names them: `key words`. */
export function splitFilledList(text: string, what: string, refuse: Refuse): string[] {
	const entries = splitList(text, refuse);
	return entries.length === 0 ? refuse(`the list of ${what} is empty`) : entries;
}

/** An entry as it has to be typed to be one entry of a list. */
export function toListEntry(entry: string): string {
	const needsQuotes = entry.includes(';') || entry.trimStart().startsWith('"');
	return needsQuotes ? `"${entry.replaceAll('"', '""')}"` : entry;
}

function skipSpace(text: string, at: number): number {
	const rest = /\S/g;
	rest.lastIndex = at;
	return rest.exec(text)?.index ?? text.length;
}

/** The position after the closing quote; -1 where there is none. */
function endOfQuote(text: string, start: number): number {
	for (let at = start + 1; ; at += 2) {
		at = text.indexOf('"', at);
		if (at === -1) return -1;
		if (text[at + 1] !== '"') return at + 1;
	}
}

function withoutQuotes(entry: string, quotedLength: number): string {
	const isQuoted = quotedLength > 0 && entry.length === quotedLength;
	return isQuoted ? entry.slice(1, -1).replaceAll('""', '"').trim() : entry;
}
