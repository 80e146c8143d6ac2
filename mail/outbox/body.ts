import { htmlToText } from '../drivers/mime/html-to-text';
import { appendToHtml } from './html-body';
import { type OutgoingBody, withSignature } from './signature';

/**
 * The body as it is sent: text made from the HTML where there is none, so that every reader can show it; the signature,
 * where there is one, below both; below it the message that is quoted.
 *
 * @param quote in both forms, see `toReplyQuote`
 */
export function toCompleteBody(
	body: OutgoingBody,
	signature?: OutgoingBody,
	quote?: Required<OutgoingBody>,
): OutgoingBody {
	const own = withSignature(
		{ ...body, text: body.text ?? toText(body.html) ?? (quote && '') },
		signature,
		quote === undefined,
	);
	return quote === undefined ? own : withQuote(own, quote);
}

function withQuote({ text, html }: OutgoingBody, quote: Required<OutgoingBody>): OutgoingBody {
	const above = text?.trimEnd() ?? '';
	return {
		...(text !== undefined && { text: `${above}${above === '' ? '' : '\n\n'}${quote.text}` }),
		...(html !== undefined && { html: appendToHtml(html, quote.html) }),
	};
}

/** Undefined also for HTML without words: an empty text would be shown in its place. */
function toText(html: string | undefined): string | undefined {
	return html === undefined ? undefined : htmlToText(html).text || undefined;
}
