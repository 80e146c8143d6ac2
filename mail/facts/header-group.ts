/** Lower-case names; of fields that stand more than once the first. */
export type HeaderGroup = ReadonlyMap<string, string>;

/** Groups of fields that are read, and fields of a group: a report with more is made to hurt. */
const GROUPS = 2_000;
const FIELDS = 500;

/** Longest value, in characters. */
const VALUE_CHARACTERS = 4_000;

/**
 * The groups of header fields between empty lines, unfolded: a header (RFC 5322), or a delivery report (RFC 3464,
 * section 2.1). Never throws; a line that is no field is skipped.
 */
export function* readHeaderGroups(text: string): Generator<HeaderGroup> {
	let fields: string[] = [];
	let groups = 0;
	for (const line of eachLine(text)) {
		if (line.trim() !== '') {
			if (!/^[ \t]/.test(line) || fields.length === 0) fields.push(line);
			else if ((fields.at(-1) ?? '').length < VALUE_CHARACTERS) {
				fields.push(`${fields.pop() ?? ''} ${line.trim()}`);
			}
			continue;
		}
		if (fields.length > 0) {
			yield toGroup(fields);
			if (++groups >= GROUPS) return;
		}
		fields = [];
	}
	if (fields.length > 0) yield toGroup(fields);
}

function toGroup(fields: readonly string[]): HeaderGroup {
	const group = new Map<string, string>();
	for (const field of fields.slice(0, FIELDS)) {
		const [, name, value] = /^([!-9;-~]{1,100})[ \t]*:([^]*)$/.exec(field) ?? [];
		if (name === undefined || value === undefined || group.has(name.toLowerCase())) continue;
		group.set(name.toLowerCase(), value.slice(0, VALUE_CHARACTERS).trim());
	}
	return group;
}

/** One by one: an array of a million lines takes more memory than their text. */
export function* eachLine(text: string): Generator<string> {
	let start = 0;
	while (start <= text.length) {
		const found = text.indexOf('\n', start);
		const end = found < 0 ? text.length : found;
		yield text.slice(start, text.charAt(end - 1) === '\r' && end > start ? end - 1 : end);
		start = end + 1;
	}
}
