import type { ImapFlow } from 'imapflow';
import { fetchRows } from './fetch-rows';
import { toDate } from './head';

/** Messages per command: scattered UIDs make long lines, and servers bound those (Dovecot: 64 kB). */
const MESSAGES_PER_COMMAND = 2_000;

/** INTERNALDATE of the messages, in the order asked for; what is gone, or has none, is left out. */
export async function fetchReceivedAt(
	client: ImapFlow,
	uids: readonly number[],
): Promise<Array<{ uid: number; receivedAt: Date }>> {
	const found: Array<{ uid: number; receivedAt: Date }> = [];
	for (let start = 0; start < uids.length; start += MESSAGES_PER_COMMAND) {
		const asked = uids.slice(start, start + MESSAGES_PER_COMMAND);
		const { rows } = await fetchRows(client, asked, { internalDate: true });
		for (const uid of asked) {
			const receivedAt = toDate(rows.get(uid)?.internalDate);
			if (receivedAt !== undefined) found.push({ uid, receivedAt });
		}
	}
	return found;
}
