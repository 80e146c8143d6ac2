import { htmlToText } from '../drivers/mime/html-to-text';

/** The readable content of a message to send. */
export interface OutgoingBody {
	readonly text?: string;
	readonly html?: string;
}

/** RFC 3676, section 4.3: readers fold away what stands below this line. */
const SEPARATOR = '-- ';

/**
 * Puts the signature below the text and at the end of the HTML. Where it is given in one form only, the other
 * is made from it. A body gets no form that it does not have.
 */
export function withSignature(body: OutgoingBody, signature: OutgoingBody = {}): OutgoingBody {
	const text = filled(signature.text) ?? toTextSignature(signature.html);
	const html = filled(signature.html) ?? toHtmlSignature(signature.text);
	return {
		...(body.text !== undefined && { text: text ? underText(body.text, text) : body.text }),
		...(body.html !== undefined && { html: html ? insideHtml(body.html, html) : body.html }),
	};
}

function underText(body: string, signature: string): string {
	const lines = body.replace(/\s+$/, '');
	return `${lines}${lines === '' ? '' : '\n\n'}${SEPARATOR}\n${signature.trim()}\n`;
}

/** Before the last end of the body, where there is one: behind it many readers show nothing. */
function insideHtml(body: string, signature: string): string {
	const block = `<div class="signature"><br>${SEPARATOR}<br>${signature.trim()}</div>`;
	const ends = [...body.matchAll(/<\/body\s*>/gi)];
	const end = ends.at(-1)?.index ?? /<\/html\s*>\s*$/i.exec(body)?.index ?? body.length;
	return `${body.slice(0, end)}${block}${body.slice(end)}`;
}

function toTextSignature(html: string | undefined): string | undefined {
	return filled(html) === undefined ? undefined : filled(htmlToText(html ?? '').text);
}

function toHtmlSignature(text: string | undefined): string | undefined {
	return filled(text)
		?.trim()
		.replace(/[&<>"]/g, (character) => entities[character] ?? character)
		.replace(/\r\n?|\n/g, '<br>\n');
}

const entities: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
};

function filled(text: string | undefined): string | undefined {
	return text === undefined || text.trim() === '' ? undefined : text;
}
