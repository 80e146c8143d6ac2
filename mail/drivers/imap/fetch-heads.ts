import type { FetchQueryObject, ImapFlow } from 'imapflow';
import { MailError } from '../../errors';
import { HEADER_BYTES } from '../../limits';
import type { FetchedHead } from '../../ports';
import type { MessageHead } from '../../message';
import { fetchRows, type FetchedRows } from './fetch-rows';
import { toMessageHead } from './head';
import type { Content } from '../mime/structure';
import { toUidRange } from './uid-range';

/** What a head's body consists of, for heads that this session has read; gone with the head. */
export type KnownContent = WeakMap<MessageHead, Content>;

const query: FetchQueryObject = {
	envelope: true,
	bodyStructure: true,
	flags: true,
	size: true,
	internalDate: true,
	bodyParts: [{ key: 'HEADER', start: 0, maxLength: HEADER_BYTES }],
};

/** One FETCH for all; see `MailboxSession.fetchHeads`. */
export async function fetchHeads(
	client: ImapFlow,
	uids: readonly number[],
	known: KnownContent,
): Promise<FetchedHead[]> {
	const { rows, errors, hidden } = await fetchAllRows(client, uids);
	const heads: FetchedHead[] = [];
	for (const uid of uids) {
		const row = rows.get(uid);
		if (row === undefined) {
			const error = errors.get(uid);
			if (error !== undefined) heads.push({ uid, error });
			else if (hidden.has(uid)) heads.push({ uid, error: toUnreadable(uid) });
			continue;
		}
		try {
			const { head, content } = toMessageHead(row);
			if (content !== undefined) known.set(head, content);
			heads.push({ uid, head });
		} catch (error) {
			heads.push({ uid, error: error instanceof MailError ? error : toUnreadable(uid, error) });
		}
	}
	return heads;
}

interface Found extends FetchedRows {
	/** Messages that are there, and of which no row can be had. */
	readonly hidden: ReadonlySet<number>;
}

/**
 * What is neither told nor refused is gone, or came into the server's view only now, or has a row that imapflow
 * cannot parse and drops without a word: a second look tells them apart.
 */
async function fetchAllRows(client: ImapFlow, uids: readonly number[]): Promise<Found> {
	const first = await fetchRows(client, uids, query);
	const silent = uids.filter((uid) => !first.rows.has(uid) && !first.errors.has(uid));
	if (silent.length === 0) return { ...first, hidden: new Set() };

	const existing = await client.search({ uid: toUidRange(silent) }, { uid: true });
	if (!Array.isArray(existing)) throw new MailError('server.protocol', { subject: 'SEARCH' });
	const second = await fetchRows(client, existing, query);
	return {
		rows: new Map([...first.rows, ...second.rows]),
		errors: new Map([...first.errors, ...second.errors]),
		hidden: new Set(existing.filter((uid) => !second.rows.has(uid))),
	};
}

function toUnreadable(uid: number, cause?: unknown): MailError {
	return new MailError('message.unreadable', { subject: `UID ${uid}`, cause });
}
