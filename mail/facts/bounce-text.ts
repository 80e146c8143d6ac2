import { BOUNCED_RECIPIENTS } from '../limits';
import { type BouncedRecipient, type BounceFormat, findStatus, toOutcome } from './bounce';
import { eachLine, readHeaderGroups } from './header-group';
import { toLine, toServerName } from './report-value';

/** What is read of a report that only people were meant to read, in characters. */
const REPORT_CHARACTERS = 64 * 1024;
const LINE_CHARACTERS = 2_000;
const DIAGNOSTIC_LINES = 20;
const DIAGNOSTIC_CHARACTERS = 1_000;

/** From here on it is the mail that came back: addresses in it have nothing to do with the report. */
const COPY =
	/^\s*(?:--.*\b(?:copy of (?:the|your) message|original message|returned message|below this line|unsent message)\b|original message headers:)/i;

/** An address alone in its line: `<ann@example.com>:`, `  ann@example.com`. */
const ADDRESS_LINE =
	/^\s*(?:<([^<>\s]{1,64}@[^<>\s]{1,255})>|([^<>\s:()]{1,64}@[^<>\s:()]{1,255})):?\s*$/;

/** By what the programs write, as far as it is known in public; not by a standard. */
const hallmarks: ReadonlyArray<readonly [BounceFormat, RegExp]> = [
	['qmail', /\bthis is the qmail-send program\b/i],
	['exchange', /^[ \t]*(?:diagnostic information for administrators|generating server)\s*:/im],
	['exim', /\bcreated automatically by mail delivery software\b/i],
];

export interface TextReport {
	readonly format: BounceFormat;
	readonly reportingMta: string;
	readonly originalMessageId: string;
	readonly recipients: readonly BouncedRecipient[];
	readonly truncated: boolean;
}

/**
 * Reads a report that follows no standard: an address in a line of its own, what the server said in the lines below it.
 * So write qmail (QSBMF), Exim, and Exchange beside their report. Never throws.
 *
 * @param failed addresses that the head names: X-Failed-Recipients
 */
export function readBounceText(text: string, failed: readonly string[]): TextReport {
	const report = text.slice(0, REPORT_CHARACTERS);
	const { paragraphs, copy } = divide(report);
	const found = new Map<string, BouncedRecipient>();
	const named = failed.slice(0, BOUNCED_RECIPIENTS);
	for (const address of named) found.set(address.toLowerCase(), toRecipient(address, []));
	let truncated = failed.length > named.length;
	for (const { address, lines } of paragraphs) {
		const key = address.toLowerCase();
		const isNamed = found.has(key);
		// An address that nobody calls failed and that nothing is said of may be anybody's: a signature's, an example's.
		if (!isNamed && (failed.length > 0 || !hasReply(lines))) continue;
		if (!isNamed && found.size >= BOUNCED_RECIPIENTS) truncated = true;
		else if ((found.get(key)?.diagnostic ?? '') === '') found.set(key, toRecipient(address, lines));
	}
	return {
		format: toFormat(report, failed, found.size),
		reportingMta: toReportingMta(report),
		originalMessageId: findMessageId(copy),
		recipients: [...found.values()],
		truncated,
	};
}

/** The Message-ID of a header, before which some words may stand. */
export function findMessageId(text: string): string {
	for (const group of readHeaderGroups(text)) {
		if (group.size === 0) continue;
		// What follows the header is the returned mail's own text.
		return /<[^<>\s]{1,995}>/.exec(group.get('message-id') ?? '')?.[0] ?? '';
	}
	return '';
}

interface Paragraph {
	readonly address: string;
	readonly lines: string[];
}

function divide(report: string): { paragraphs: Paragraph[]; copy: string } {
	const paragraphs: Paragraph[] = [];
	let open: Paragraph | undefined;
	let at = 0;
	for (const whole of eachLine(report)) {
		if (COPY.test(whole.slice(0, LINE_CHARACTERS))) return { paragraphs, copy: report.slice(at) };
		at += whole.length + 1;
		const line = whole.slice(0, LINE_CHARACTERS);
		const [, bracketed, plain] = ADDRESS_LINE.exec(line) ?? [];
		const address = bracketed ?? plain;
		if (address !== undefined) {
			open = { address, lines: [] };
			paragraphs.push(open);
		} else if (line.trim() === '') {
			// Exchange leaves a line free between the address and what was said.
			if (open !== undefined && open.lines.length > 0) open = undefined;
		} else if (open !== undefined && open.lines.length < DIAGNOSTIC_LINES) open.lines.push(line);
	}
	return { paragraphs, copy: '' };
}

/** A reply code or a status: servers say both, people hardly. */
function hasReply(lines: readonly string[]): boolean {
	const text = lines.join(' ');
	return findStatus(text) !== '' || /(?:^|[^\d])[45]\d\d(?:[ -]|$)/.test(text);
}

function toRecipient(address: string, lines: readonly string[]): BouncedRecipient {
	const diagnostic = toLine(lines.join(' '), DIAGNOSTIC_CHARACTERS);
	const status = findStatus(diagnostic);
	const [, host] =
		/\b(?:host|remote server|connected to)\s+\[?([a-z0-9_][a-z0-9._:-]{2,254})/i.exec(diagnostic) ??
		[];
	return {
		address,
		originalAddress: '',
		action: 'failed',
		status,
		outcome: toOutcome('failed', status, diagnostic),
		diagnostic,
		remoteMta: host !== undefined && /[.:]/.test(host) ? toServerName(host) : '',
	};
}

function toFormat(report: string, failed: readonly string[], recipients: number): BounceFormat {
	if (failed.length > 0) return 'exim';
	const [format] = hallmarks.find(([, hallmark]) => hallmark.test(report)) ?? [];
	return format ?? (recipients > 0 ? 'text' : 'unknown');
}

function toReportingMta(report: string): string {
	const [, server = ''] =
		/\bqmail-send program at ([a-z0-9._-]{1,255})|^[ \t]*generating server:[ \t]*([a-z0-9._-]{1,255})/im
			.exec(report)
			?.filter((found) => found !== undefined) ?? [];
	return toServerName(server);
}
