import { htmlToText } from '../drivers/mime/html-to-text';
import { appendToHtml, toHtmlText } from './html-body';

/** The readable content of a message to send. */
export interface OutgoingBody {
	readonly text?: string;
	readonly html?: string;
}

/**
 * RFC 3676, section 4.3: readers fold away what stands below this line. Above a quoted message mail programs leave it out,
 * or the quote would be folded away with it.
 */
const SEPARATOR = '-- ';

/**
 * Puts the signature below the text and at the end of the HTML. Where it is given in one form only, the other
 * is made from it. A body gets no form that it does not have.
 */
export function withSignature(
	body: OutgoingBody,
	signature: OutgoingBody = {},
	isLast = true,
): OutgoingBody {
	const text = filled(signature.text) ?? toTextSignature(signature.html);
	const html = filled(signature.html) ?? toHtmlSignature(signature.text);
	return {
		...(body.text !== undefined && { text: text ? underText(body.text, text, isLast) : body.text }),
		...(body.html !== undefined && {
			html: html ? insideHtml(body.html, html, isLast) : body.html,
		}),
	};
}

function underText(body: string, signature: string, isLast: boolean): string {
	const lines = body.trimEnd();
	return `${lines}${lines === '' ? '' : '\n\n'}${isLast ? `${SEPARATOR}\n` : ''}${signature.trim()}\n`;
}

function insideHtml(body: string, signature: string, isLast: boolean): string {
	const separator = isLast ? `${SEPARATOR}<br>` : '';
	return appendToHtml(body, `<div class="signature"><br>${separator}${signature.trim()}</div>`);
}

function toTextSignature(html: string | undefined): string | undefined {
	return filled(html) === undefined ? undefined : filled(htmlToText(html ?? '').text);
}

function toHtmlSignature(text: string | undefined): string | undefined {
	const given = filled(text);
	return given && toHtmlText(given.trim());
}

function filled(text: string | undefined): string | undefined {
	return text === undefined || text.trim() === '' ? undefined : text;
}
