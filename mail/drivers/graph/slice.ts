/** A piece of a file: from `start` up to, and without, `end`. */
export interface Slice {
	readonly start: number;
	readonly end: number;
}

/**
 * Bytes of a file in one request. Microsoft takes up to 4 MB (graph/outlook-large-attachments); other upload sessions of
 * Graph want multiples of 320 KiB, so these are such.
 */
export const SLICE_BYTES = 12 * 320 * 1024;

/** The piece that begins here. */
export function sliceFrom(start: number, totalBytes: number): Slice {
	return { start, end: Math.min(start + SLICE_BYTES, totalBytes) };
}

/** RFC 9110, section 14.4. */
export function toContentRange({ start, end }: Slice, totalBytes: number): string {
	return `bytes ${start}-${end - 1}/${totalBytes}`;
}

/**
 * Where the server wants to go on: `["3932160"]` for files of mails, `["3932160-"]` or `["3932160-7864319"]` elsewhere in
 * Graph. Undefined where it names no place in the file.
 */
export function readNextStart(
	ranges: readonly string[] | undefined,
	totalBytes: number,
): number | undefined {
	const starts = (ranges ?? []).flatMap((range) => {
		const digits = /^(\d{1,15})(?:-\d*)?$/.exec(range.trim())?.[1];
		return digits === undefined ? [] : [Number(digits)];
	});
	const [first] = starts.sort((a, b) => a - b);
	return first === undefined || first > totalBytes ? undefined : first;
}
