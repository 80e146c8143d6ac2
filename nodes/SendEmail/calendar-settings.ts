import * as z from 'zod';
import { MailError } from '../../mail/errors';
import { type InvitationEvent, readCalendar, toInvitation } from '../../mail/outbox';
import type { OutgoingCalendar, OutgoingMessage } from '../../mail/outgoing';
import { toDate } from '../bridge/date';
import { text } from './text';

/** An event whose people are those of the e-mail, or a calendar as another program wrote it. */
export type CalendarSettings =
	| { readonly calendar: OutgoingCalendar }
	| { readonly event: Omit<InvitationEvent, 'organizer' | 'attendees'> };

/** The option as n8n gives it. */
export const calendarShape = z.object({
	event: z
		.object({
			method: z.enum(['REQUEST', 'CANCEL']).default('REQUEST'),
			uid: text,
			sequence: z.coerce.number().int().min(0).max(0x7fffffff).default(0),
			start: z.unknown().optional(),
			end: z.unknown().optional(),
			summary: text,
			location: text,
			description: text,
		})
		.optional(),
	text: z.object({ content: text }).optional(),
});

/** Throws `settings.invalid` and `message.invalid`. */
export function toCalendarSettings(
	{ event, text: given }: z.output<typeof calendarShape>,
	zone: string,
): CalendarSettings | undefined {
	if (given !== undefined) {
		if (event !== undefined) throw refuse('choose either an event or iCalendar text');
		return { calendar: readCalendar(given.content) };
	}
	if (event === undefined) return undefined;
	if (event.method === 'CANCEL' && event.uid.trim() === '') {
		throw refuse('Event ID: it has to be the one of the invitation that is cancelled');
	}
	const read = (value: unknown, label: string) => {
		const date = toDate(value, zone);
		if (date === undefined) throw refuse(`${label}: it is no valid date`);
		return date;
	};
	return {
		event: { ...event, start: read(event.start, 'Start'), end: read(event.end, 'End') },
	};
}

/** The invitation of a message: from its sender, to all that the message names. Throws `message.invalid`. */
export function toCalendar(
	settings: CalendarSettings | undefined,
	message: OutgoingMessage,
): OutgoingCalendar | undefined {
	if (settings === undefined) return undefined;
	if ('calendar' in settings) return settings.calendar;
	const { event } = settings;
	return toInvitation({
		...event,
		summary: event.summary === '' ? message.subject : event.summary,
		organizer: message.from,
		attendees: [...message.to, ...message.cc],
	});
}

function refuse(what: string): MailError {
	return new MailError('settings.invalid', {
		subject: `Options → Calendar Invitation → ${what}`,
	});
}
