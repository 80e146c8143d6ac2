import { parseAddress } from '../address';
import { MailError } from '../errors';
import { toExcerpt } from '../excerpt';
import { HEADER_LINE_CHARACTERS } from '../limits';
import type { OutgoingUnsubscribe } from '../outgoing';
import type { CustomHeader } from './custom-header';
import { toMailto } from './mailto';

const FIELD = 'List-Unsubscribe';

/**
 * The headers by which readers offer to leave a list (RFC 2369, section 3.2; RFC 8058). The values are ASCII and ready for the mail.
 * Throws `message.invalid`.
 */
export function toUnsubscribeHeaders(unsubscribe: OutgoingUnsubscribe | undefined): CustomHeader[] {
	if (unsubscribe === undefined) return [];
	const { url, address, oneClick } = unsubscribe;
	const uris: string[] = [];
	// The first one is tried first.
	if (url !== undefined) uris.push(toWebUri(url, oneClick));
	if (address !== undefined) {
		uris.push(`${toMailto(parseAddress(address, FIELD).address)}?subject=unsubscribe`);
	}
	if (uris.length === 0) throw refuse('it has no address', 'Give a URL, an address, or both.');
	if (oneClick && url === undefined) {
		throw refuse('one click needs a URL', 'Give an https URL, or switch off One-Click.');
	}
	return [
		{ name: FIELD, value: uris.map((uri) => `<${uri}>`).join(', ') },
		...(oneClick ? [{ name: `${FIELD}-Post`, value: `${FIELD}=One-Click` }] : []),
	];
}

function toWebUri(url: string, oneClick: boolean): string {
	// The parser would take line breaks out in silence.
	const isOneWord = !/[\p{Cc}\s]/u.test(url.trim());
	const parsed = isOneWord && URL.canParse(url.trim()) ? new URL(url.trim()) : undefined;
	const isHttps = parsed?.protocol === 'https:';
	if (parsed === undefined || !(isHttps || parsed.protocol === 'http:')) {
		throw refuse(toExcerpt(url), 'Give a whole URL: https://example.com/leave?member=4711.');
	}
	// RFC 8058, section 3.1.
	if (oneClick && !isHttps) {
		throw refuse(toExcerpt(url), 'One-Click needs a URL that begins with https://.');
	}
	// RFC 2369, section 2: a comma would be taken for the end.
	const uri = parsed.href.replaceAll(',', '%2C');
	if (uri.length > HEADER_LINE_CHARACTERS - FIELD.length - 10) {
		throw refuse(toExcerpt(url), 'Give a URL of less than 900 characters.');
	}
	return uri;
}

function refuse(what: string, remedy: string): MailError {
	return new MailError('message.invalid', { subject: `${FIELD}: ${what}`, remedy });
}
