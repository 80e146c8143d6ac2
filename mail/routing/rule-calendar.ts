import { toExcerpt } from '../excerpt';
import type { CalendarEvent } from '../facts/calendar';
import { createSetCondition, type Condition } from './condition';
import type { Refuse } from './refusal';
import { splitFilledList } from './value-list';

/** Methods of RFC 5546, and answers of RFC 5545, section 3.2.12. */
const words: ReadonlyMap<string, string> = new Map([
	['request', 'an invitation'],
	['cancel', 'a cancelled invitation'],
	['reply', 'an answer to an invitation'],
	['counter', 'a counter-proposal'],
	['publish', 'a published event'],
	['accepted', 'an accepted invitation'],
	['declined', 'a declined invitation'],
	['tentative', 'a tentatively accepted invitation'],
]);

/** `;` list of methods and answers; one is enough. */
export function compileCalendarMethods(value: string, refuse: Refuse): Condition {
	const alternatives = splitFilledList(value, 'methods', refuse).map((entry) => {
		const key = entry.toLowerCase();
		const name = words.get(key);
		if (name === undefined) return refuse(`${toExcerpt(entry)} is not a method of calendars`);
		return { key, because: `it is ${name}` };
	});
	return createSetCondition(alternatives, (view) => view.calendarKeys);
}

/** An answer counts as its method and as what it says. */
export function toCalendarKeys(event: CalendarEvent | undefined): Set<string> {
	if (event === undefined) return new Set();
	const answers =
		event.method === 'REPLY' && event.reply !== null ? [event.reply.participation] : [];
	return new Set([event.method, ...answers].map((key) => key.toLowerCase()));
}
