import type { ImapFlow } from 'imapflow';
import { fetchRows } from './fetch-rows';
import { toDate } from '../mime/header-value';
import { toUidBatches } from './uid-range';

/** INTERNALDATE of the messages, in the order asked for; what is gone, or has none, is left out. */
export async function fetchReceivedAt(
	client: ImapFlow,
	uids: readonly number[],
): Promise<Array<{ uid: number; receivedAt: Date }>> {
	const found: Array<{ uid: number; receivedAt: Date }> = [];
	for (const asked of toUidBatches(uids)) {
		const { rows } = await fetchRows(client, asked, { internalDate: true });
		for (const uid of asked) {
			const receivedAt = toDate(rows.get(uid)?.internalDate);
			if (receivedAt !== undefined) found.push({ uid, receivedAt });
		}
	}
	return found;
}
