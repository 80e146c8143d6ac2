import type { ImapFlow, SearchObject } from 'imapflow';
import { MailError } from '../../errors';
import type { MessageQuery } from '../../ports';
import { keepWithMessageId } from './message-id';

/** One day: SINCE and BEFORE compare with the date in the server's time zone, which nobody knows. */
const DAY_MS = 24 * 60 * 60_000;

/** See `MailboxSession.search`. */
export async function search(
	client: ImapFlow,
	query: MessageQuery,
	subject: string,
): Promise<number[]> {
	const { uidFrom = 1, messageId } = query;
	if (query.unseen === true && query.seen === true) return [];
	const found = await client.search(toCriteria(query), { uid: true });
	if (!Array.isArray(found)) throw new MailError('server.protocol', { subject });
	// RFC 9051, section 9: `n:*` always includes the last message, however small its UID.
	const uids = found.filter((uid) => uid >= uidFrom).sort((a, b) => a - b);
	return messageId === undefined ? uids : await keepWithMessageId(client, uids, messageId);
}

function toCriteria(query: MessageQuery): SearchObject {
	const { uidFrom = 1, unseen, seen, flagged, receivedSince, receivedBefore } = query;
	const criteria: SearchObject = { uid: `${uidFrom}:*` };
	if (unseen === true || seen === false) criteria.seen = false;
	else if (seen === true) criteria.seen = true;
	if (flagged !== undefined) criteria.flagged = flagged;
	if (query.keyword !== undefined) criteria.keyword = query.keyword;
	if (receivedSince !== undefined) criteria.since = new Date(receivedSince.getTime() - DAY_MS);
	if (receivedBefore !== undefined) criteria.before = new Date(receivedBefore.getTime() + DAY_MS);
	if (query.messageId !== undefined) criteria.header = { 'message-id': query.messageId };
	for (const field of ['from', 'to', 'subject', 'text'] as const) {
		if (query[field] !== undefined) criteria[field] = query[field];
	}
	return criteria;
}
