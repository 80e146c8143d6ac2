import { type CalendarComponent, lineOf } from './calendar-component';
import { type LocalMs, type OffsetAt, readWrittenTime } from './local-time';

const DAY_MS = 24 * 60 * 60_000;

/** STANDARD or DAYLIGHT: from when on an offset holds (RFC 5545, section 3.6.5). */
interface Observance {
	readonly fromMs: number;
	readonly toMs: number;
	/** The first onset, on the clock as it was before it. */
	readonly start: LocalMs;
	readonly further: readonly LocalMs[];
	readonly rule?: YearlyRule;
}

interface YearlyRule {
	/** From 0. */
	readonly month: number;
	/** From 0, Sunday. */
	readonly weekday: number;
	/** 1: the first, -1: the last; undefined where `monthDays` says it. */
	readonly week?: number;
	readonly monthDays: readonly number[];
	/** UTC, or Infinity. */
	readonly untilMs: number;
}

const OBSERVANCES = 200;
const FURTHER = 500;
const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

/**
 * A time zone as the calendar describes it. Undefined where it is described in a way that no known program uses: rules
 * are only understood that name one day of each year, so that there is nothing to count through.
 */
export function readTimeZone(component: CalendarComponent): OffsetAt | undefined {
	const observances = component.children
		.filter(({ name }) => name === 'STANDARD' || name === 'DAYLIGHT')
		.slice(0, OBSERVANCES)
		.map(toObservance);
	const understood = observances.filter((each) => each !== undefined);
	if (understood.length === 0 || understood.length < observances.length) return undefined;
	const [first] = [...understood].sort((one, other) => one.start - other.start);
	return (utcMs) => {
		let latest = -Infinity;
		let offsetMs = first?.fromMs ?? 0;
		for (const observance of understood) {
			const onset = latestOnset(observance, utcMs);
			if (onset <= latest) continue;
			latest = onset;
			offsetMs = observance.toMs;
		}
		return offsetMs;
	};
}

function toObservance(component: CalendarComponent): Observance | undefined {
	const fromMs = readOffsetMs(lineOf(component, 'TZOFFSETFROM')?.value);
	const toMs = readOffsetMs(lineOf(component, 'TZOFFSETTO')?.value);
	const start = readWrittenTime(lineOf(component, 'DTSTART')?.value ?? '')?.localMs;
	const rule = lineOf(component, 'RRULE')?.value;
	const yearly = rule === undefined ? undefined : readYearlyRule(rule);
	if (fromMs === undefined || toMs === undefined || start === undefined) return undefined;
	if (rule !== undefined && yearly === undefined) return undefined;
	const further = (component.lines.get('RDATE') ?? [])
		.flatMap(({ value }) => value.split(','))
		.slice(0, FURTHER)
		.flatMap((value) => readWrittenTime(value)?.localMs ?? []);
	return { fromMs, toMs, start, further, rule: yearly };
}

/** `+0100`, `-003015`. */
function readOffsetMs(value = ''): number | undefined {
	const [, sign, hours, minutes, seconds = '0'] =
		/^([+-])(\d{2}):?(\d{2})(\d{2})?$/.exec(value.trim()) ?? [];
	if (sign === undefined || Number(hours) > 23) return undefined;
	const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
	return sign === '-' ? -ms : ms;
}

function readYearlyRule(rule: string): YearlyRule | undefined {
	const parts = new Map(
		rule
			.slice(0, 500)
			.toUpperCase()
			.split(';')
			.map((part): [string, string] => {
				const [name = '', value = ''] = part.trim().split('=');
				return [name, value];
			}),
	);
	const known = ['FREQ', 'BYMONTH', 'BYDAY', 'BYMONTHDAY', 'INTERVAL', 'UNTIL', 'WKST', ''];
	if ([...parts.keys()].some((name) => !known.includes(name))) return undefined;
	const month = Number(parts.get('BYMONTH'));
	const [, week, day = ''] = /^([+-]?[1-5])?([A-Z]{2})$/.exec(parts.get('BYDAY') ?? '') ?? [];
	const monthDays = (parts.get('BYMONTHDAY') ?? '').split(',').filter(Boolean).map(Number);
	const weekday = WEEKDAYS.indexOf(day);
	const until = readWrittenTime(parts.get('UNTIL') ?? '')?.localMs;
	const isYearly = parts.get('FREQ') === 'YEARLY' && (parts.get('INTERVAL') ?? '1') === '1';
	const isOneDay = weekday >= 0 && (week !== undefined) !== monthDays.length > 0;
	if (!isYearly || !isOneDay || !(month >= 1 && month <= 12)) return undefined;
	return {
		month: month - 1,
		weekday,
		week: week === undefined ? undefined : Number(week),
		monthDays,
		untilMs: until ?? Infinity,
	};
}

/** The last onset that is not after the moment, UTC; -Infinity where there is none. */
function latestOnset({ start, further, fromMs, rule }: Observance, utcMs: number): number {
	const onsets = [start, ...further];
	if (rule !== undefined) {
		const last = Math.min(utcMs, rule.untilMs);
		const year = new Date(last + fromMs).getUTCFullYear();
		for (const each of [year, year - 1]) {
			const onset = onsetIn(each, rule, start);
			if (onset !== undefined && onset - fromMs <= rule.untilMs) onsets.push(onset);
		}
	}
	return onsets
		.filter((onset) => onset >= start)
		.map((onset) => onset - fromMs)
		.reduce((latest, onset) => (onset <= utcMs && onset > latest ? onset : latest), -Infinity);
}

function onsetIn(year: number, rule: YearlyRule, start: LocalMs): LocalMs | undefined {
	const timeMs = ((start % DAY_MS) + DAY_MS) % DAY_MS;
	const days = new Date(Date.UTC(year, rule.month + 1, 0)).getUTCDate();
	const matching = Array.from({ length: days }, (_, index) => index + 1).filter(
		(day) => new Date(Date.UTC(year, rule.month, day)).getUTCDay() === rule.weekday,
	);
	const day =
		rule.week === undefined
			? matching.find((each) => rule.monthDays.includes(each))
			: matching.at(rule.week > 0 ? rule.week - 1 : rule.week);
	return day === undefined ? undefined : Date.UTC(year, rule.month, day) + timeMs;
}
