import { z } from 'zod';
import { toDate } from '../mime/header-value';
import type { MessageReference } from '../../ports';
import type { Lookout } from './lookout';
import { type MailboxFolder, toMessageCall, unlessGone } from './mailbox-folder';
import { toQuery } from './path';
import { search } from './search';

const row = z.object({
	parentFolderId: z.string().nullish(),
	receivedDateTime: z.string().nullish(),
});

const query = toQuery({ $select: 'parentFolderId,receivedDateTime' });

/** See `MailboxSession.find`: by its id, which stays wherever it is moved; otherwise by its Message-ID. */
export async function findMessage(
	folder: MailboxFolder,
	lookout: Lookout,
	{ serverId, uid, uidValidity, messageId }: MessageReference,
): Promise<number | undefined> {
	const { numbering, client } = folder;
	const sameNumber = uidValidity === numbering.epoch ? numbering.idOf(uid) : undefined;
	const id = serverId ?? sameNumber;
	if (id !== undefined) {
		const call = toMessageCall(folder, { uid, id }, 'GET', query);
		const found = await unlessGone(client.read(call, row));
		// A message has one id as long as it is in the mailbox.
		if (found === undefined || found.parentFolderId !== folder.id) return undefined;
		const receivedMs = toDate(found.receivedDateTime ?? undefined)?.getTime() ?? 0;
		return lookout.numberOf(id, receivedMs);
	}
	if (messageId === '') return undefined;
	return (await search(folder, lookout, { messageId }))[0]?.uid;
}
