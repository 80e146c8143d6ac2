import { MailError } from '../../errors';
import type { MessageQuery } from '../../ports';
import { parseHeaderBlock, type Headers } from '../mime/header-block';
import { toMessageIds } from '../mime/header-value';
import { toReceivedAt } from './head';
import { readHeaders } from './headers';
import type { ListedMessage } from './listing';
import type { Snapshot } from './maildrop';

/** Headers that a search by their content reads, one command each; more takes minutes. */
const SEARCHED_MESSAGES = 10_000;

/** One day: as an IMAP server, which compares days, a search may find a little more and never less. */
const DAY_MS = 24 * 60 * 60_000;

/** When a mail was received, by UID, for those whose header was read once. */
export type ReceivedDates = Map<number, Date>;

/**
 * Finds mails of the snapshot, ascending. POP3 has no flags, so that every mail is unseen, and no search: the headers are
 * read for it. Throws `settings.invalid` for what headers do not tell.
 */
export async function search(
	snapshot: Snapshot,
	query: MessageQuery,
	dates: ReceivedDates,
): Promise<number[]> {
	if (query.text !== undefined) {
		throw new MailError('settings.invalid', {
			subject: 'POP3 servers cannot search the text of e-mails',
			remedy: 'Search by sender, recipient, subject or date, or use IMAP.',
		});
	}
	if (query.seen === true || query.flagged === true || query.keyword !== undefined) return [];
	const { uidFrom = 1 } = query;
	const listed = [...snapshot.listing.values()].filter(({ uid }) => uid >= uidFrom);
	const inTime = await filterByDate(snapshot, listed, query, dates);
	const found = await filterByContent(snapshot, inTime, query);
	return found.map(({ uid }) => uid);
}

/** Dates of receipt, in the order asked for; what is gone is left out. */
export async function readReceivedAt(
	snapshot: Snapshot,
	messages: readonly ListedMessage[],
	dates: ReceivedDates,
): Promise<Array<{ uid: number; receivedAt: Date }>> {
	const unknown = messages.filter(({ uid }) => !dates.has(uid));
	for await (const { uid, header } of readHeaders(snapshot, unknown)) {
		// A mail that cannot be looked at is treated as new rather than passed over.
		dates.set(uid, header === undefined ? new Date() : toReceivedAt(header));
	}
	return messages.map(({ uid }) => ({ uid, receivedAt: dates.get(uid) ?? new Date() }));
}

async function filterByDate(
	snapshot: Snapshot,
	messages: readonly ListedMessage[],
	{ receivedSince, receivedBefore }: MessageQuery,
	dates: ReceivedDates,
): Promise<readonly ListedMessage[]> {
	if (receivedSince === undefined && receivedBefore === undefined) return messages;
	const earliest = (receivedSince?.getTime() ?? -Infinity) - DAY_MS;
	const latest = (receivedBefore?.getTime() ?? Infinity) + DAY_MS;
	const received = await readReceivedAt(snapshot, messages, dates);
	return messages.filter((_, index) => {
		const time = received[index]?.receivedAt.getTime() ?? 0;
		return time >= earliest && time <= latest;
	});
}

async function filterByContent(
	snapshot: Snapshot,
	messages: readonly ListedMessage[],
	query: MessageQuery,
): Promise<readonly ListedMessage[]> {
	const tests = toTests(query);
	if (tests.length === 0) return messages;
	if (messages.length > SEARCHED_MESSAGES) {
		throw new MailError('limit.exceeded', {
			subject: `${messages.length} e-mails: a POP3 server cannot search, and more than ${SEARCHED_MESSAGES} are not looked through`,
			remedy: 'Use IMAP, or move older e-mails out of the mailbox.',
		});
	}
	const found = new Set<number>();
	for await (const { uid, header } of readHeaders(snapshot, messages)) {
		if (header === undefined) continue;
		const headers = parseHeaderBlock(header);
		if (tests.every((test) => test(headers))) found.add(uid);
	}
	return messages.filter(({ uid }) => found.has(uid));
}

type Test = (headers: Headers) => boolean;

function toTests({ messageId, from, to, subject }: MessageQuery): Test[] {
	const contains = (name: string, wanted: string | undefined): Test[] => {
		if (wanted === undefined) return [];
		const text = wanted.toLowerCase();
		return [
			(headers) => (headers.get(name) ?? []).some((value) => value.toLowerCase().includes(text)),
		];
	};
	return [
		...contains('from', from),
		...contains('to', to),
		...contains('subject', subject),
		...(messageId === undefined ? [] : [hasMessageId(messageId)]),
	];
}

function hasMessageId(wanted: string): Test {
	return (headers) =>
		(headers.get('message-id') ?? []).flatMap(toMessageIds).includes(wanted.trim());
}
