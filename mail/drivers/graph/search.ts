import { z } from 'zod';
import type { MessageQuery } from '../../ports';
import { toDate } from '../mime/header-value';
import type { Lookout } from './lookout';
import type { MailboxFolder } from './mailbox-folder';
import { type Recipient, toAddresses } from './message-row';
import { graphPath, toLiteral, toQuery } from './path';

/** Messages on one page: the most that Graph gives. */
const PAGE = 1_000;

/** A search finds a little more by date, and never less, as an IMAP server does that compares days. */
const DAY_MS = 24 * 60 * 60_000;

/** Before the first mail: a filter has to begin with what is ordered by. */
const EARLIEST = new Date(0);

const text = z.string().nullish().catch(undefined);
const recipient = z.object({ emailAddress: z.object({ name: text, address: text }).nullish() });

const row = z.object({
	id: z.string().min(1),
	receivedDateTime: text,
	isDraft: z.boolean().nullish(),
	isRead: z.boolean().nullish(),
	flag: z.object({ flagStatus: text }).nullish(),
	categories: z.array(z.string()).nullish(),
	internetMessageId: text,
	subject: text,
	from: recipient.nullish(),
	toRecipients: z.array(recipient).nullish(),
});

type Row = z.infer<typeof row>;

export interface FoundMessage {
	readonly uid: number;
	readonly receivedMs: number;
}

/** Lists messages of the folder, oldest first; those without a number get one. */
export async function search(
	folder: MailboxFolder,
	lookout: Lookout,
	query: MessageQuery,
): Promise<FoundMessage[]> {
	const { client, id, path, signal } = folder;
	const tests = toTests(query);
	const place = `${client.mailbox}${graphPath`/mailFolders/${id}`}/messages`;
	const subject = `folder "${path}"`;
	const call = { method: 'GET', path: `${place}${toParameters(query)}`, subject, signal } as const;
	const found = new Map<string, number>();
	for await (const { items } of client.pages(call, row)) {
		for (const item of items) {
			const receivedAt = toDate(item.receivedDateTime ?? undefined);
			// An unfinished mail was not received.
			if (receivedAt === undefined || item.isDraft === true) continue;
			if (tests.every((test) => test(item))) found.set(item.id, receivedAt.getTime());
		}
	}
	// Newest first is what Graph orders best; of one second the order is its own.
	const oldestFirst = [...found].reverse().sort(([, a], [, b]) => a - b);
	return oldestFirst.map(([messageId, receivedMs]) => ({
		uid: lookout.numberOf(messageId, receivedMs),
		receivedMs,
	}));
}

/** `$search` goes with no filter and no order (Microsoft: search-query-parameter), and finds a thousand at most. */
function toParameters(query: MessageQuery): string {
	const common = { $select: toSelect(query), $top: PAGE };
	if (query.text !== undefined) {
		const words = query.text.replace(/["\\]/g, ' ').trim();
		return toQuery({ ...common, $search: `"${words}"` });
	}
	return toQuery({ ...common, $filter: toFilter(query), $orderby: 'receivedDateTime desc' });
}

/** What Graph filters well; the rest is looked at here, with every row. */
function toFilter({
	receivedSince,
	receivedBefore,
	messageId,
	seen,
	unseen,
	flagged,
	keyword,
	subject,
}: MessageQuery): string {
	const since = receivedSince === undefined ? EARLIEST : new Date(receivedSince.getTime() - DAY_MS);
	const before = receivedBefore && new Date(receivedBefore.getTime() + DAY_MS);
	return [
		`receivedDateTime ge ${since.toISOString()}`,
		...(before === undefined ? [] : [`receivedDateTime le ${before.toISOString()}`]),
		...(messageId === undefined ? [] : [`internetMessageId eq ${toLiteral(messageId)}`]),
		...(unseen === true ? ['isRead eq false'] : []),
		...(seen === true ? ['isRead eq true'] : []),
		...(flagged === true ? ["flag/flagStatus eq 'flagged'"] : []),
		...(keyword === undefined ? [] : [`categories/any(c:c eq ${toLiteral(keyword)})`]),
		...(subject === undefined ? [] : [`contains(subject,${toLiteral(subject)})`]),
	].join(' and ');
}

function toSelect({ from, to, text: anywhere }: MessageQuery): string {
	const always = ['receivedDateTime', 'isDraft'];
	if (anywhere !== undefined) {
		const all = ['isRead', 'flag', 'categories', 'internetMessageId', 'subject', 'from'];
		return [...always, ...all, 'toRecipients'].join(',');
	}
	const fields = [from === undefined ? [] : ['from'], to === undefined ? [] : ['toRecipients']];
	return [...always, ...fields.flat()].join(',');
}

type Test = (row: Row) => boolean;

function toTests(query: MessageQuery): Test[] {
	const { from, to } = query;
	return [
		...(from === undefined ? [] : [(each: Row) => mentions(each.from ? [each.from] : [], from)]),
		...(to === undefined ? [] : [(each: Row) => mentions(each.toRecipients ?? [], to)]),
		...(query.text === undefined ? [] : toFilterTests(query)),
	];
}

/** What the filter says, for answers to `$search`. */
function toFilterTests(query: MessageQuery): Test[] {
	const { receivedSince, receivedBefore, messageId, seen, unseen, flagged, keyword, subject } =
		query;
	const time = (each: Row) => Date.parse(each.receivedDateTime ?? '');
	const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
	return [
		(each) => receivedSince === undefined || time(each) >= receivedSince.getTime() - DAY_MS,
		(each) => receivedBefore === undefined || time(each) <= receivedBefore.getTime() + DAY_MS,
		(each) => messageId === undefined || each.internetMessageId === messageId,
		(each) => unseen !== true || each.isRead !== true,
		(each) => seen !== true || each.isRead === true,
		(each) => flagged !== true || each.flag?.flagStatus === 'flagged',
		(each) => keyword === undefined || (each.categories ?? []).some((name) => same(name, keyword)),
		(each) => subject === undefined || contains(each.subject ?? '', subject),
	];
}

function mentions(recipients: readonly Recipient[], wanted: string): boolean {
	return toAddresses(recipients).some(({ name, address }) =>
		contains(`${name} <${address}>`, wanted),
	);
}

function contains(whole: string, part: string): boolean {
	return whole.toLowerCase().includes(part.toLowerCase());
}
