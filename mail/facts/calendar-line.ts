import { eachLine } from './header-group';

/** `DTSTART;TZID=Europe/Berlin:20261201T100000` (RFC 5545, section 3.1). */
export interface ContentLine {
	/** Upper case. */
	readonly name: string;
	/** Upper-case names; decoded; of lists the first value. */
	readonly parameters: ReadonlyMap<string, string>;
	/** As written. */
	readonly value: string;
}

/** Lines that are read, and the length of one when it is unfolded: a calendar with more is made to hurt. */
const LINES = 20_000;
const LINE_CHARACTERS = 8_000;
const PARAMETERS = 30;

/** Never throws; a line that is none is skipped. */
export function* readContentLines(text: string): Generator<ContentLine> {
	let count = 0;
	for (const line of unfold(text)) {
		if (++count > LINES) return;
		const read = toContentLine(line);
		if (read !== undefined) yield read;
	}
}

function* unfold(text: string): Generator<string> {
	let open = '';
	for (const line of eachLine(text.replace(/^\ufeff/, ''))) {
		if (/^[ \t]/.test(line)) {
			if (open.length < LINE_CHARACTERS) open += line.slice(1);
			continue;
		}
		if (open !== '') yield open;
		open = line;
	}
	if (open !== '') yield open;
}

function toContentLine(line: string): ContentLine | undefined {
	const cut = line.slice(0, LINE_CHARACTERS);
	const [, name] = /^([A-Za-z0-9-]{1,60})(?=[;:])/.exec(cut) ?? [];
	if (name === undefined) return undefined;
	const parameters = new Map<string, string>();
	const parameter = /;([A-Za-z0-9-]{1,60})=("[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*/y;
	parameter.lastIndex = name.length;
	let end = name.length;
	for (let found = parameter.exec(cut); found !== null; found = parameter.exec(cut)) {
		const [, key = '', value = ''] = found;
		if (parameters.size < PARAMETERS) parameters.set(key.toUpperCase(), decodeParameter(value));
		end = parameter.lastIndex;
	}
	if (cut.charAt(end) !== ':') return undefined;
	return { name: name.toUpperCase(), parameters, value: cut.slice(end + 1) };
}

const CARETS: Readonly<Record<string, string>> = { '^n': ' ', '^N': ' ', '^^': '^', "^'": '"' };

/** RFC 6868; a line break in a name is of no use to anybody. */
function decodeParameter(value: string): string {
	return value.replace(/^"|"$/g, '').replace(/\^[nN^']/g, (sign) => CARETS[sign] ?? sign);
}

/** RFC 5545, section 3.3.11, in one line. */
export function toPlainText(value: string): string {
	return value.replace(/\\([nN]|[\\;,:"])/g, (_, sign: string) => (/n/i.test(sign) ? ' ' : sign));
}
