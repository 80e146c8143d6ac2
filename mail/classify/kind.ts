import type { MessageHead } from '../message';
import { isAutomatic, isOutOfOffice } from './automatic';
import { isBounce } from './bounce';

/** What a mail is, as far as its head tells; it may be several. */
export type MailKind =
	| 'automatic'
	| 'outOfOffice'
	| 'bounce'
	| 'mailingList'
	| 'bulk'
	| 'calendarInvitation'
	| 'reply'
	| 'newThread';

/** RFC 6047; the second is what some programs attach beside it. */
export const CALENDAR_TYPES: ReadonlySet<string> = new Set(['text/calendar', 'application/ics']);

/** One row per kind, in the order in which they are told. */
const tests: Readonly<Record<MailKind, (head: MessageHead) => boolean>> = {
	automatic: (head) => isAutomatic(head) || isBounce(head),
	outOfOffice: isOutOfOffice,
	bounce: isBounce,
	mailingList: isFromList,
	bulk: isBulk,
	calendarInvitation: isCalendar,
	reply: isReply,
	newThread: (head) => !isReply(head),
};

export const mailKinds: readonly MailKind[] = [
	'automatic',
	'outOfOffice',
	'bounce',
	'mailingList',
	'bulk',
	'calendarInvitation',
	'reply',
	'newThread',
];

export function toMailKinds(head: MessageHead): ReadonlySet<MailKind> {
	return new Set(mailKinds.filter((kind) => tests[kind](head)));
}

/** RFC 2919, and the headers of list programs that are older than it. */
function isFromList({ headers }: MessageHead): boolean {
	if (headers.has('list-id') || headers.has('list-post') || headers.has('mailing-list'))
		return true;
	return precedenceOf(headers) === 'list';
}

/** Sent to many at once: lists, and newsletters that one can leave (RFC 2369, section 3.2). */
function isBulk(head: MessageHead): boolean {
	const { headers } = head;
	if (isFromList(head) || headers.has('list-unsubscribe')) return true;
	return ['bulk', 'junk'].includes(precedenceOf(headers));
}

/** An invitation, its change, its cancellation, or an answer to it. */
export function isCalendar({ headers, attachments }: MessageHead): boolean {
	const whole = (headers.get('content-type')?.[0] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
	return (
		CALENDAR_TYPES.has(whole) || attachments.some(({ mimeType }) => CALENDAR_TYPES.has(mimeType))
	);
}

/** By what it refers to (RFC 5322, section 3.6.4): a subject with "Re:" can be typed by anybody. */
function isReply({ inReplyTo, references }: MessageHead): boolean {
	return inReplyTo !== '' || references.length > 0;
}

function precedenceOf(headers: MessageHead['headers']): string {
	return headers.get('precedence')?.[0]?.trim().toLowerCase() ?? '';
}
