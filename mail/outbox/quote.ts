import { formatAddress } from '../address';
import { htmlToText } from '../drivers/mime/html-to-text';
import { QUOTED_CHARACTERS } from '../limits';
import type { Address } from '../message';
import { toHtmlText } from './html-body';
import { toOneLine } from './one-line';
import type { OutgoingBody } from './signature';

/** A received message as far as it can be quoted. Nobody has checked what is in it. */
export interface QuotedMessage {
	readonly subject: string;
	readonly from: readonly Address[];
	readonly to: readonly Address[];
	readonly cc: readonly Address[];
	readonly sentAt?: Date;
	/** Empty: the HTML is quoted, as text. */
	readonly text: string;
	readonly html: string;
}

const FORWARDED = '---------- Forwarded message ----------';

/** Addresses of a header that are shown in a forwarded message; of a list of thousands nobody reads all. */
const SHOWN_ADDRESSES = 50;

/**
 * The message below an answer to it, in both forms. The HTML is made from the text: what a stranger's HTML may load, run or
 * hide does not go out in our name.
 *
 * @param timeZone IANA name, for the date
 */
export function toReplyQuote(message: QuotedMessage, timeZone: string): Required<OutgoingBody> {
	const text = toQuotedText(message);
	const sender = toAddresses(message.from) || 'the sender';
	const date = toDate(message.sentAt, timeZone);
	const attribution = date === '' ? `${sender} wrote:` : `On ${date}, ${sender} wrote:`;
	const quoted = text.split('\n').map(toQuotedLine);
	return {
		text: `${[attribution, ...quoted].join('\n')}\n`,
		html: `<br><div>${toHtmlText(attribution)}</div>
<blockquote type="cite" style="margin:0 0 0 .8ex;border-left:1px solid #ccc;padding-left:1ex">${toHtmlText(text)}</blockquote>`,
	};
}

/** The message below a note with which it is handed on, with its most important headers. See `toReplyQuote`. */
export function toForwardQuote(message: QuotedMessage, timeZone: string): Required<OutgoingBody> {
	const headers = [
		['From', toAddresses(message.from)],
		['Date', toDate(message.sentAt, timeZone)],
		['Subject', toOneLine(message.subject)],
		['To', toAddresses(message.to)],
		['Cc', toAddresses(message.cc)],
	].flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []));
	const whole = [FORWARDED, ...headers, '', toQuotedText(message)].join('\n');
	return { text: `${whole}\n`, html: `<br><div>${toHtmlText(whole)}</div>` };
}

function toQuotedText({ text, html }: QuotedMessage): string {
	const whole = text.trim() === '' ? htmlToText(html).text : text;
	const isCut = whole.length > QUOTED_CHARACTERS;
	return (
		whole
			.slice(0, QUOTED_CHARACTERS)
			.replace(/\r\n?/g, '\n')
			// Half a character at the cut, too.
			.replace(/[^\P{Cc}\t\n]|\p{Cs}/gu, '')
			.trimEnd()
			.concat(isCut ? '\n[…]' : '')
	);
}

/** RFC 3676, section 4.5: no space between the marks. */
function toQuotedLine(line: string): string {
	if (line === '' || line.startsWith('>')) return `>${line}`;
	return `> ${line}`;
}

function toAddresses(addresses: readonly Address[]): string {
	const shown = addresses.slice(0, SHOWN_ADDRESSES).map(formatAddress);
	const more = addresses.length - shown.length;
	return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
}

/** `Sun, 1 Mar 2026, 11:00 CET`; empty where there is none. */
function toDate(date: Date | undefined, timeZone: string): string {
	return (
		date?.toLocaleString('en-GB', {
			timeZone,
			weekday: 'short',
			day: 'numeric',
			month: 'short',
			year: 'numeric',
			hour: '2-digit',
			minute: '2-digit',
			timeZoneName: 'short',
		}) ?? ''
	);
}
