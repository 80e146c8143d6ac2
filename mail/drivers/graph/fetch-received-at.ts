import { z } from 'zod';
import { toDate } from '../mime/header-value';
import {
	findKnown,
	forEach,
	type MailboxFolder,
	toMessageCall,
	unlessGone,
} from './mailbox-folder';
import { toQuery } from './path';

const row = z.object({ receivedDateTime: z.string().nullish() });
const query = toQuery({ $select: 'receivedDateTime' });

/** See `MailboxSession.fetchReceivedAt`. `times`: of messages that were listed, by number. */
export async function fetchReceivedAt(
	folder: MailboxFolder,
	uids: readonly number[],
	times: ReadonlyMap<number, number>,
): Promise<Array<{ uid: number; receivedAt: Date }>> {
	const found = await forEach(findKnown(folder, uids), async (known) => {
		const { uid } = known;
		const listed = times.get(uid);
		if (listed !== undefined) return { uid, receivedAt: new Date(listed) };
		const call = toMessageCall(folder, known, 'GET', query);
		const read = await unlessGone(folder.client.read(call, row));
		// A mail whose time cannot be told is treated as new rather than passed over.
		return read && { uid, receivedAt: toDate(read.receivedDateTime ?? undefined) ?? new Date() };
	});
	return found.filter((entry) => entry !== undefined);
}
