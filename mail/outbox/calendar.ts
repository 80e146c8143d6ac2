import { MailError } from '../errors';
import { CALENDAR_CHARACTERS } from '../limits';
import type { OutgoingCalendar } from '../outgoing';

const METHODS = ['REQUEST', 'CANCEL', 'PUBLISH'] as const;

/** Line ends, white space and all that is printable. */
const UNPRINTABLE = /[^\P{Cc}\t\r\n]/u;

/**
 * A calendar out of iCalendar text (RFC 5545) as another program has written it; the text itself says whether it invites,
 * cancels or only tells. Throws `message.invalid` and `limit.exceeded`.
 */
export function readCalendar(text: string): OutgoingCalendar {
	const content = toCalendarContent(text);
	const given = /^METHOD(?:;[^:\r\n]*)?:[ \t]*([\w-]+)/im
		.exec(toUnfolded(content))?.[1]
		?.toUpperCase();
	const method = METHODS.find((known) => known === given);
	if (method === undefined) {
		throw refuse(
			given === undefined ? 'it has no METHOD' : `its METHOD is ${given}`,
			'The text needs the line METHOD:REQUEST for an invitation, METHOD:CANCEL to take it back, or METHOD:PUBLISH to only tell of it.',
		);
	}
	return { method, content };
}

/**
 * What goes into the mail: CRLF line ends, and a method that is that of the mail's part, without which readers show no
 * buttons (RFC 6047, section 2.4). Throws `message.invalid` and `limit.exceeded`.
 */
export function toCheckedCalendar(calendar: OutgoingCalendar): OutgoingCalendar {
	const { method, content } = readCalendar(calendar.content);
	if (method === calendar.method) return { method, content };
	throw refuse(`its METHOD is ${method}, not ${calendar.method}`, 'Use the same method in both.');
}

function toCalendarContent(text: string): string {
	if (text.length > CALENDAR_CHARACTERS) {
		throw new MailError('limit.exceeded', {
			subject: `calendar of ${text.length} characters, at most ${CALENDAR_CHARACTERS} are sent`,
			remedy: 'Attach the calendar as a file.',
		});
	}
	const lines = text
		.replace(/^\ufeff/, '')
		.trim()
		.split(/\r\n?|\n/);
	const isCalendar =
		/^BEGIN:VCALENDAR[ \t]*$/i.test(lines[0] ?? '') && /^END:VCALENDAR$/i.test(lines.at(-1) ?? '');
	if (!isCalendar || UNPRINTABLE.test(text)) {
		throw refuse(
			'it is no iCalendar text',
			'It begins with BEGIN:VCALENDAR and ends with END:VCALENDAR.',
		);
	}
	return `${lines.join('\r\n')}\r\n`;
}

/** RFC 5545, section 3.1. */
function toUnfolded(content: string): string {
	return content.replace(/\r\n[ \t]/g, '');
}

function refuse(what: string, remedy: string): MailError {
	return new MailError('message.invalid', { subject: `Calendar Invitation: ${what}`, remedy });
}
