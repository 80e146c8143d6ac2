import { DateTime } from 'luxon';

/**
 * The date of a parameter: ISO 8601, without an offset in the workflow's time zone; a Date, or luxon's DateTime, from
 * an expression. Undefined for what is no date.
 */
export function toDate(value: unknown, zone: string): Date | undefined {
	if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value;
	// An expression may give the DateTime of n8n's own copy of luxon: its text form is ISO 8601.
	const date = DateTime.fromISO(String(value ?? ''), { zone });
	return date.isValid ? date.toJSDate() : undefined;
}
