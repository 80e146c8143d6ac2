/** A clock's time without a zone, as ms since 1970 as if it were UTC. */
export type LocalMs = number;

/** What a zone is ahead of UTC at a moment, in ms. */
export type OffsetAt = (utcMs: number) => number;

const DAY_MS = 24 * 60 * 60_000;

/** RFC 5545, sections 3.3.4 and 3.3.5. */
const DATE_TIME = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2}))?(Z?)$/i;

export interface WrittenTime {
	readonly localMs: LocalMs;
	readonly isDate: boolean;
	readonly isUtc: boolean;
}

/** Undefined for what is no date of the calendar: February 30, hour 25, the year 0. */
export function readWrittenTime(value: string): WrittenTime | undefined {
	const found = DATE_TIME.exec(value.trim());
	if (found === null) return undefined;
	const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found
		.slice(1, 7)
		.map((digits) => Number(digits ?? 0));
	// A leap second, and the years that JavaScript takes for others.
	if (year < 1000 || hour > 23 || minute > 59 || second > 60) return undefined;
	const dayMs = Date.UTC(year, month - 1, day);
	const date = new Date(dayMs);
	if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
	return {
		localMs: dayMs + ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1_000,
		isDate: found[4] === undefined,
		isUtc: found[7] !== '',
	};
}

/**
 * The offset at which a clock shows this time. Twice a year it is shown twice or never: then the first of both, and the
 * offset before the gap (RFC 5545, section 3.3.5).
 */
export function toOffsetMs(localMs: LocalMs, offsetAt: OffsetAt): number {
	const before = offsetAt(localMs - DAY_MS);
	const after = offsetAt(localMs + DAY_MS);
	if (offsetAt(localMs - before) === before) return before;
	return offsetAt(localMs - after) === after ? after : before;
}

/** `2026-12-01`. */
export function toIsoDate(localMs: LocalMs): string {
	return new Date(localMs).toISOString().slice(0, 10);
}

/** `2026-12-01T10:00:00`, without an offset. */
export function toIsoLocal(localMs: LocalMs): string {
	return new Date(localMs).toISOString().slice(0, 19);
}

/** `+01:00`. */
export function toIsoOffset(offsetMs: number): string {
	const minutes = Math.round(Math.abs(offsetMs) / 60_000);
	const digits = (value: number) => String(value).padStart(2, '0');
	return `${offsetMs < 0 ? '-' : '+'}${digits(Math.floor(minutes / 60))}:${digits(minutes % 60)}`;
}

/** Days go by the calendar and hours by the clock: the night in which the clocks are set has not eight hours. */
export interface Duration {
	readonly days: number;
	readonly ms: number;
}

/** `P1D`, `PT1H30M`, `P2W` (RFC 5545, section 3.3.6); undefined for what is none, is negative, or is years. */
export function readDuration(value: string): Duration | undefined {
	const found =
		/^\+?P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,7})M)?(?:(\d{1,8})S)?)?$/i.exec(
			value.trim(),
		);
	if (found === null) return undefined;
	const [weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found
		.slice(1)
		.map((digits) => Number(digits ?? 0));
	return { days: weeks * 7 + days, ms: ((hours * 60 + minutes) * 60 + seconds) * 1_000 };
}
