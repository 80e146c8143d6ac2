import type { MessageHead } from '../message';

/** RFC 3464, and RFC 6533 for addresses beyond ASCII. */
export const DELIVERY_STATUS_TYPES: ReadonlySet<string> = new Set([
	'message/delivery-status',
	'message/global-delivery-status',
]);

/** Who sends reports of non-delivery; nobody else should have these names (RFC 2142, section 5). */
const REPORTER = /^(mailer-daemon|postmaster|mail-daemon)@/i;

const FAILURE_SUBJECT =
	/^\s*(undeliver|undelivered|delivery status notification|delivery (?:has )?failed|failure notice|returned mail|mail delivery (?:failed|system)|nicht zugestellt|unzustellbar|non remis|message non distribu|no entregado|rifiutat|mancato recapito)/i;

/**
 * A report that a mail could not be delivered, or not yet: by its type (RFC 3464), by the header that Exim adds, or, from
 * servers that follow no standard, by the null sender and what its subject says.
 */
export function isBounce({ headers, from, subject, attachments }: MessageHead): boolean {
	const contentType = headers.get('content-type')?.[0] ?? '';
	if (/^\s*multipart\/report\b/i.test(contentType)) {
		// Read receipts and complaints are reports as well (RFC 8098, RFC 5965).
		return /report-type\s*=\s*"?delivery-status/i.test(contentType);
	}
	if (headers.has('x-failed-recipients')) return true;
	if (attachments.some(({ mimeType }) => DELIVERY_STATUS_TYPES.has(mimeType))) return true;
	const isFromNobody = headers.get('return-path')?.[0]?.trim() === '<>';
	const isFromServer = from.some(({ address }) => REPORTER.test(address));
	return (isFromNobody || isFromServer) && FAILURE_SUBJECT.test(subject);
}
