/** The identifiers in a header field, each with its angle brackets (RFC 5322, section 3.6.4). */
export function toMessageIds(value: string | undefined): string[] {
	return value?.match(/<[^<>\s]+>/g) ?? [];
}

/** Before the first mail, or after what four digits can say: not a date that anybody meant. */
const EARLIEST_YEAR = 1971;
const LATEST_YEAR = 9999;

/** Undefined for what is no date, or none that can be meant. */
export function toDate(value: Date | string | undefined): Date | undefined {
	if (value === undefined) return undefined;
	const date = new Date(value);
	const year = date.getUTCFullYear();
	return year >= EARLIEST_YEAR && year <= LATEST_YEAR ? date : undefined;
}
