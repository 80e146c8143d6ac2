import { CALENDAR_ATTENDEES } from '../limits';
import type { Address } from '../message';
import type { Attendee, CalendarEvent } from './calendar';
import { type CalendarComponent, lineOf, readComponents } from './calendar-component';
import { type ContentLine, toPlainText } from './calendar-line';
import { readIsoTime, readTimes } from './calendar-time';
import { toLine } from './report-value';

const NAME_CHARACTERS = 320;
const TEXT_CHARACTERS = 1_000;

/**
 * The event of an iCalendar text (RFC 5545, RFC 5546): of a series its beginning. Undefined where it holds none. Never
 * throws. Repetitions are not counted out: no rule of a stranger is followed.
 *
 * Read by code of our own: ical.js knows neither the zones of Windows nor a limit for what a rule may make it count.
 *
 * @param isCut the calendar goes on behind the text
 */
export function readCalendarEvent(text: string, isCut: boolean): CalendarEvent | undefined {
	const calendar = readComponents(text);
	const events = calendar?.children.filter(({ name }) => name === 'VEVENT') ?? [];
	const event = events.find((each) => lineOf(each, 'RECURRENCE-ID') === undefined) ?? events[0];
	if (calendar === undefined || event === undefined) return undefined;
	const lines = event.lines.get('ATTENDEE') ?? [];
	const attendees = lines.slice(0, CALENDAR_ATTENDEES).flatMap((line) => toAttendee(line) ?? []);
	const method = toWord(lineOf(calendar, 'METHOD')?.value);
	const answers = method === 'REPLY' || method === 'COUNTER';
	return {
		method,
		uid: textOf(event, 'UID'),
		sequence: toSequence(lineOf(event, 'SEQUENCE')?.value),
		status: toWord(lineOf(event, 'STATUS')?.value),
		summary: textOf(event, 'SUMMARY'),
		location: textOf(event, 'LOCATION'),
		organizer: toPerson(lineOf(event, 'ORGANIZER')) ?? null,
		...readTimes(event, calendar),
		recurring: event.lines.has('RRULE') || event.lines.has('RDATE'),
		recurrenceRule: textOf(event, 'RRULE'),
		recurrenceId: readIsoTime(lineOf(event, 'RECURRENCE-ID'), calendar),
		attendees,
		reply: (answers ? attendees[0] : undefined) ?? null,
		eventCount: events.length,
		truncated: isCut || lines.length > CALENDAR_ATTENDEES,
	};
}

function textOf(event: CalendarComponent, name: string): string {
	return toLine(toPlainText(lineOf(event, name)?.value ?? ''), TEXT_CHARACTERS);
}

/** A token (RFC 5545, section 3.1, iana-token), in upper case; empty for anything else. */
function toWord(value = ''): string {
	const [word = ''] = /^[A-Z0-9-]{1,40}$/.exec(value.trim().toUpperCase()) ?? [];
	return word;
}

function toSequence(value = ''): number {
	return /^\d{1,9}$/.test(value.trim()) ? Number(value) : 0;
}

function toAttendee(line: ContentLine): Attendee | undefined {
	const person = toPerson(line);
	if (person === undefined) return undefined;
	const { parameters } = line;
	return {
		...person,
		// What stands where nothing is said (RFC 5545, sections 3.2.12 and 3.2.16).
		participation: toWord(parameters.get('PARTSTAT')) || 'NEEDS-ACTION',
		role: toWord(parameters.get('ROLE')) || 'REQ-PARTICIPANT',
	};
}

/** Apple names some by a path of its server, and their address in EMAIL. */
function toPerson(line: ContentLine | undefined): Address | undefined {
	if (line === undefined) return undefined;
	const { value, parameters } = line;
	const [, mailto] = /^\s*mailto:([^?]*)/i.exec(value) ?? [];
	const address = toLine(
		mailto === undefined ? (parameters.get('EMAIL') ?? '') : decodePercent(mailto),
		NAME_CHARACTERS,
	);
	const name = toLine(parameters.get('CN') ?? '', NAME_CHARACTERS);
	return address === '' && name === '' ? undefined : { name, address };
}

function decodePercent(text: string): string {
	try {
		return decodeURIComponent(text.slice(0, 4 * NAME_CHARACTERS));
	} catch {
		return text;
	}
}
