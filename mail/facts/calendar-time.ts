import type { CalendarComponent } from './calendar-component';
import { lineOf } from './calendar-component';
import type { ContentLine } from './calendar-line';
import {
	type LocalMs,
	readDuration,
	readWrittenTime,
	toIsoDate,
	toIsoLocal,
	toIsoOffset,
	toOffsetMs,
} from './local-time';
import { findZone, type KnownZone } from './time-zone';
import { toLine } from './report-value';

const DAY_MS = 24 * 60 * 60_000;
const YEAR_10000_MS = Date.UTC(10_000, 0);
const NAME_CHARACTERS = 100;

export interface CalendarTimes {
	readonly start: string;
	readonly end: string;
	readonly timeZone: string;
	readonly floating: boolean;
	readonly allDay: boolean;
}

/** A moment, as far as the calendar tells it. */
interface CalendarTime {
	readonly localMs: LocalMs;
	readonly kind: 'date' | 'utc' | 'zoned' | 'floating';
	readonly zone?: KnownZone;
	/** As the calendar calls it, known or not. */
	readonly zoneName: string;
}

/** When the event begins and ends (RFC 5545, section 3.6.1); empty texts where it does not say so. */
export function readTimes(event: CalendarComponent, calendar: CalendarComponent): CalendarTimes {
	const start = readTime(lineOf(event, 'DTSTART'), calendar);
	if (start === undefined) {
		return { start: '', end: '', timeZone: '', floating: false, allDay: false };
	}
	const end = readTime(lineOf(event, 'DTEND'), calendar) ?? toEnd(start, event);
	return {
		start: toIso(start),
		end: toIso(end),
		timeZone: start.kind === 'utc' ? 'UTC' : start.zoneName,
		floating: start.kind === 'floating',
		allDay: start.kind === 'date',
	};
}

/** Empty where there is none. */
export function readIsoTime(line: ContentLine | undefined, calendar: CalendarComponent): string {
	const time = readTime(line, calendar);
	return time === undefined ? '' : toIso(time);
}

function readTime(
	line: ContentLine | undefined,
	calendar: CalendarComponent,
): CalendarTime | undefined {
	const written = line && readWrittenTime(line.value);
	if (written === undefined) return undefined;
	const { localMs, isDate, isUtc } = written;
	if (isDate) return { localMs, kind: 'date', zoneName: '' };
	if (isUtc) return { localMs, kind: 'utc', zoneName: '' };
	// Google's older calendars name the zone once for all.
	const tzid = line?.parameters.get('TZID') ?? lineOf(calendar, 'X-WR-TIMEZONE')?.value ?? '';
	const zone = findZone(tzid, calendar);
	const zoneName = zone?.name ?? toLine(tzid, NAME_CHARACTERS);
	return zone === undefined
		? { localMs, kind: 'floating', zoneName }
		: { localMs, kind: 'zoned', zone, zoneName };
}

function toIso({ localMs, kind, zone }: CalendarTime): string {
	// What comes of a hostile duration has no four digits any more.
	if (localMs >= YEAR_10000_MS) return '';
	if (kind === 'date') return toIsoDate(localMs);
	if (kind === 'utc') return `${toIsoLocal(localMs)}Z`;
	const offset = zone === undefined ? '' : toIsoOffset(toOffsetMs(localMs, zone.offsetAt));
	return toIsoLocal(localMs) + offset;
}

/** By its duration; a day has one, and a moment none. */
function toEnd(start: CalendarTime, event: CalendarComponent): CalendarTime {
	const usual = { days: start.kind === 'date' ? 1 : 0, ms: 0 };
	const { days, ms } = readDuration(lineOf(event, 'DURATION')?.value ?? '') ?? usual;
	const { zone } = start;
	const lastDayMs = start.localMs + days * DAY_MS;
	if (zone === undefined) return { ...start, localMs: lastDayMs + ms };
	const utcMs = lastDayMs - toOffsetMs(lastDayMs, zone.offsetAt) + ms;
	return { ...start, localMs: utcMs + zone.offsetAt(utcMs) };
}
