import { escapeHtml } from '../html-escape';

/** Text as HTML that shows it, and does nothing else. */
export function toHtmlText(text: string): string {
	return escapeHtml(text)
		.replace(/ {2}/g, ' &nbsp;')
		.replace(/\r\n?|\n/g, '<br>\n');
}

/** Before the last end of the body, where there is one: behind it many readers show nothing. */
export function appendToHtml(html: string, block: string): string {
	const ends = [...html.matchAll(/<\/body\s*>/gi)];
	const end = ends.at(-1)?.index ?? /<\/html\s*>\s*$/i.exec(html)?.index ?? html.length;
	return `${html.slice(0, end)}${block}${html.slice(end)}`;
}
