import { randomUUID } from 'node:crypto';
import { MailError } from '../errors';
import { CALENDAR_CHARACTERS } from '../limits';
import type { Address } from '../message';
import type { OutgoingCalendar } from '../outgoing';
import { toMailto } from './mailto';

/** One event of one organizer, without repetition. */
export interface InvitationEvent {
	readonly method: 'REQUEST' | 'CANCEL';
	/** The same for an invitation, its changes and its cancellation. Empty: a new one. */
	readonly uid: string;
	/** Counts the changes, from 0 (RFC 5546, section 2.1.4). */
	readonly sequence: number;
	readonly start: Date;
	readonly end: Date;
	readonly summary: string;
	readonly location: string;
	readonly description: string;
	readonly organizer: Address;
	/** Everybody sees them: nobody who is blind in the mail. */
	readonly attendees: readonly Address[];
}

/** RFC 5545, section 3.1: octets without the line end. */
const LINE_OCTETS = 75;

const STATUS = { REQUEST: 'CONFIRMED', CANCEL: 'CANCELLED' } as const;

/**
 * The iCalendar text of an event, to be answered by its attendees (RFC 5545, RFC 5546). Times are UTC, which every
 * program shows in its own zone. Throws `message.invalid` and `limit.exceeded`.
 */
export function toInvitation(event: InvitationEvent, now = new Date()): OutgoingCalendar {
	const { method, start, end } = event;
	if (!(end > start)) {
		throw new MailError('message.invalid', {
			subject: 'Calendar Invitation: it does not end after its start',
			remedy: 'Give an end that is later than the start.',
		});
	}
	const lines = [
		'BEGIN:VCALENDAR',
		'VERSION:2.0',
		'PRODID:-//n8n-nodes-email-connectors//EN',
		'CALSCALE:GREGORIAN',
		`METHOD:${method}`,
		'BEGIN:VEVENT',
		`UID:${toText(event.uid) || randomUUID()}`,
		`SEQUENCE:${event.sequence}`,
		`DTSTAMP:${toUtc(now)}`,
		`DTSTART:${toUtc(start)}`,
		`DTEND:${toUtc(end)}`,
		`SUMMARY:${toText(event.summary)}`,
		...(event.location === '' ? [] : [`LOCATION:${toText(event.location)}`]),
		...(event.description === '' ? [] : [`DESCRIPTION:${toText(event.description)}`]),
		`STATUS:${STATUS[method]}`,
		'TRANSP:OPAQUE',
		`ORGANIZER;CN=${toCommonName(event.organizer)}:${toMailto(event.organizer.address)}`,
		...event.attendees.map(toAttendee),
		'END:VEVENT',
		'END:VCALENDAR',
	];
	const content = `${lines.map(fold).join('\r\n')}\r\n`;
	if (content.length > CALENDAR_CHARACTERS) {
		throw new MailError('limit.exceeded', {
			subject: `calendar of ${content.length} characters, at most ${CALENDAR_CHARACTERS} are sent`,
			remedy: 'Shorten the description, or invite fewer people at once.',
		});
	}
	return { method, content };
}

function toAttendee(attendee: Address): string {
	const parameters = 'CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE';
	return `ATTENDEE;${parameters};CN=${toCommonName(attendee)}:${toMailto(attendee.address)}`;
}

/** `20260301T100000Z` (RFC 5545, section 3.3.5). */
function toUtc(date: Date): string {
	return `${date.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** RFC 5545, section 3.3.11. Nothing in it can begin a new line. */
function toText(text: string): string {
	return text
		.replace(/\p{Cs}/gu, '\ufffd')
		.trim()
		.replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
		.replace(/[^\P{Cc}\t\n]/gu, '')
		.replace(/[\\;,]/g, '\\$&')
		.replace(/\n/g, '\\n');
}

/** A quoted parameter value has no way to hold a double quote (RFC 5545, section 3.2). */
function toCommonName({ name, address }: Address): string {
	const plain = (name === '' ? address : name)
		.replace(/\p{Cs}/gu, '\ufffd')
		.replace(/"/g, "'")
		.replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
	return `"${plain}"`;
}

/** No character is cut into its octets: some readers decode line by line. */
function fold(line: string): string {
	let folded = '';
	let octets = 0;
	for (const character of line) {
		const size = Buffer.byteLength(character);
		if (octets + size > LINE_OCTETS) {
			folded += '\r\n ';
			octets = 1;
		}
		folded += character;
		octets += size;
	}
	return folded;
}
