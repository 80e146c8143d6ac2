/** Characters that are taken over from a stranger's header; no reader shows more. */
const LENGTH = 500;

/** Text from a stranger's header as one line, without what would end it. */
export function toOneLine(text: string): string {
	const line = text
		.slice(0, LENGTH)
		.replace(/[\p{Cc}\p{Cs}\u2028\u2029]+/gu, ' ')
		.replace(/ {2,}/g, ' ')
		.trim();
	return text.length > LENGTH ? `${line}…` : line;
}
