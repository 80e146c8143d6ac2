import type { IDataObject } from 'n8n-workflow';
import type { Bounce } from '../../mail/facts/bounce';
import type { CalendarEvent } from '../../mail/facts/calendar';
import type { MailFacts } from '../../mail/facts/mail-facts';

/** What a mail says to programs, as data of its item; null where it is nothing of the kind. */
export function toFactFields(facts: MailFacts | undefined): IDataObject {
	return {
		bounce: facts?.bounce === undefined ? null : toBounceField(facts.bounce),
		calendar: facts?.calendar === undefined ? null : toCalendarField(facts.calendar),
	};
}

function toCalendarField(event: CalendarEvent): IDataObject {
	const { organizer, attendees, reply } = event;
	return {
		...event,
		organizer: organizer && { ...organizer },
		attendees: attendees.map((attendee) => ({ ...attendee })),
		reply: reply && { ...reply },
	};
}

function toBounceField({ recipients, ...report }: Bounce): IDataObject {
	return { ...report, recipients: recipients.map((recipient) => ({ ...recipient })) };
}
