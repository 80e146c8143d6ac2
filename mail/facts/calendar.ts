import type { Address } from '../message';

/** One who is invited, or who answers (RFC 5545, section 3.8.4.1). */
export interface Attendee extends Address {
	/** `ACCEPTED`, `DECLINED`, `TENTATIVE`, `NEEDS-ACTION`, … (RFC 5545, section 3.2.12). */
	readonly participation: string;
	/** `REQ-PARTICIPANT`, `OPT-PARTICIPANT`, `CHAIR`, … */
	readonly role: string;
}

/**
 * The event that a calendar part speaks of. Times are ISO 8601 as their calendar means them: with the offset of their
 * zone, with `Z`, as a date where they last whole days, and without any offset where they are floating.
 */
export interface CalendarEvent {
	/** `REQUEST`, `CANCEL`, `REPLY`, `PUBLISH`, `COUNTER`, … (RFC 5546); empty where the calendar has none. */
	readonly method: string;
	/** The same for an invitation, its changes, its answers and its cancellation. */
	readonly uid: string;
	/** Counts the changes, from 0. */
	readonly sequence: number;
	/** `CONFIRMED`, `TENTATIVE`, `CANCELLED`; empty where it is not told. */
	readonly status: string;
	readonly summary: string;
	readonly location: string;
	readonly organizer: Address | null;
	/** Empty where it is not told, or senseless. */
	readonly start: string;
	/** The first moment, or the first day, that no longer belongs to it. */
	readonly end: string;
	/** IANA's name of the start's zone where it is known, otherwise as the calendar calls it; empty for none. */
	readonly timeZone: string;
	/** The times have no known offset: they mean the clock of whoever looks at them (RFC 5545, section 3.3.5). */
	readonly floating: boolean;
	readonly allDay: boolean;
	readonly recurring: boolean;
	/** RRULE as written; empty where there is none. */
	readonly recurrenceRule: string;
	/** Of one event out of a series: when it was to begin. Otherwise empty. */
	readonly recurrenceId: string;
	readonly attendees: readonly Attendee[];
	/** Who answers, and how: the attendee of a REPLY or COUNTER. */
	readonly reply: Attendee | null;
	/** Events in the calendar; this is the series, or the first of them. */
	readonly eventCount: number;
	/** There is more than is told: attendees, or events. */
	readonly truncated: boolean;
}
