import { htmlToText } from '../drivers/mime/html-to-text';
import { type OutgoingBody, withSignature } from './signature';

/**
 * The body as it is sent: text made from the HTML where there is none, so that every reader can show it, and
 * the signature, where there is one, below both.
 */
export function toCompleteBody(body: OutgoingBody, signature?: OutgoingBody): OutgoingBody {
	return withSignature({ ...body, text: body.text ?? toText(body.html) }, signature);
}

/** Undefined also for HTML without words: an empty text would be shown in its place. */
function toText(html: string | undefined): string | undefined {
	return html === undefined ? undefined : htmlToText(html).text || undefined;
}
