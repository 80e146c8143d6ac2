import type { CalendarComponent } from './calendar-component';
import { lineOf } from './calendar-component';
import type { OffsetAt } from './local-time';
import { readTimeZone } from './vtimezone';
import { windowsZones } from './windows-zone';

export interface KnownZone {
	/** IANA's name, or the calendar's own where only its description is known. */
	readonly name: string;
	readonly offsetAt: OffsetAt;
}

/** Longest name that is looked up, in characters. */
const NAME_CHARACTERS = 100;

/** Of valid names alone, of which there are some six hundred. */
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The zone that a calendar's TZID means: IANA's, also behind a vendor's prefix (`/mozilla.org/…/Europe/Berlin`); that of
 * Windows, as Outlook writes it; otherwise as the calendar's own VTIMEZONE describes it. What programs put into VTIMEZONE
 * for a known name is often only the rule of the present year.
 */
export function findZone(tzid: string, calendar: CalendarComponent): KnownZone | undefined {
	const name = tzid.trim().slice(0, NAME_CHARACTERS);
	if (name === '') return undefined;
	for (const candidate of [windowsZones.get(name.toLowerCase()), ...toIanaNames(name)]) {
		const offsetAt = candidate === undefined ? undefined : toIanaOffsets(candidate);
		if (candidate !== undefined && offsetAt !== undefined) return { name: candidate, offsetAt };
	}
	const described = calendar.children.find(
		(child) => child.name === 'VTIMEZONE' && lineOf(child, 'TZID')?.value.trim() === tzid.trim(),
	);
	const offsetAt = described === undefined ? undefined : readTimeZone(described);
	return offsetAt === undefined ? undefined : { name, offsetAt };
}

/** The name itself, or its ends: zones have one, two or three parts. */
function toIanaNames(name: string): string[] {
	if (!name.startsWith('/')) return [name];
	const parts = name.split('/');
	return [3, 2, 1].map((count) => parts.slice(-count).join('/'));
}

function toIanaOffsets(name: string): OffsetAt | undefined {
	// Intl takes `+01:00` for a zone, too.
	if (!/^[A-Za-z][\w+/-]*$/.test(name)) return undefined;
	let format = formats.get(name);
	if (format === undefined) {
		try {
			format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
		} catch {
			return undefined;
		}
		formats.set(name, format);
	}
	const known = format;
	return (utcMs) => {
		const part = known.formatToParts(utcMs).find(({ type }) => type === 'timeZoneName');
		const [, sign, hours = 0, minutes = 0, seconds = 0] =
			/GMT([+\u2212-])(\d{2}):(\d{2})(?::(\d{2}))?/.exec(part?.value ?? '') ?? [];
		const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
		return sign === undefined || sign === '+' ? ms : -ms;
	};
}
