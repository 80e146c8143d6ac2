import { type ContentLine, readContentLines } from './calendar-line';

/** What stands between BEGIN and END (RFC 5545, section 3.4). */
export interface CalendarComponent {
	/** Upper case: `VEVENT`. */
	readonly name: string;
	/** By their names, each in the order of the calendar. */
	readonly lines: ReadonlyMap<string, readonly ContentLine[]>;
	readonly children: readonly CalendarComponent[];
}

interface OpenComponent extends CalendarComponent {
	readonly lines: Map<string, ContentLine[]>;
	readonly children: OpenComponent[];
}

const COMPONENTS = 1_000;
/** A calendar holds events, and they alarms. */
const DEPTH = 4;

/** The calendar, whose END may be missing; undefined where there is none. Never throws. */
export function readComponents(text: string): CalendarComponent | undefined {
	let root: OpenComponent | undefined;
	const open: OpenComponent[] = [];
	let count = 0;
	let skipped = 0;
	for (const line of readContentLines(text)) {
		const name = line.value.trim().toUpperCase();
		if (line.name === 'BEGIN') {
			if (root === undefined && name !== 'VCALENDAR') continue;
			if (skipped > 0 || open.length >= DEPTH || ++count > COMPONENTS) {
				skipped++;
				continue;
			}
			const component: OpenComponent = { name, lines: new Map(), children: [] };
			open.at(-1)?.children.push(component);
			root ??= component;
			open.push(component);
		} else if (line.name === 'END') {
			if (skipped > 0) skipped--;
			else open.pop();
			// A second calendar in the same part is another matter.
			if (root !== undefined && open.length === 0) return root;
		} else if (skipped === 0) append(open.at(-1), line);
	}
	return root;
}

function append(component: OpenComponent | undefined, line: ContentLine): void {
	if (component === undefined) return;
	const lines = component.lines.get(line.name);
	if (lines === undefined) component.lines.set(line.name, [line]);
	else lines.push(line);
}

/** The first line of the name. */
export function lineOf({ lines }: CalendarComponent, name: string): ContentLine | undefined {
	return lines.get(name)?.[0];
}
