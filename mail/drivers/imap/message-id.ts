import type { ImapFlow } from 'imapflow';
import { MailError } from '../../errors';
import type { FolderState, MessageReference } from '../../ports';
import { toMessageIds } from '../mime/header-value';
import { fetchRows } from './fetch-rows';
import { toUidBatches } from './uid-range';

/** SEARCH compares parts of a header (RFC 9051, section 6.4.4): of what it found, those that have exactly this id. */
export async function keepWithMessageId(
	client: ImapFlow,
	uids: readonly number[],
	messageId: string,
): Promise<number[]> {
	const kept: number[] = [];
	for (const asked of toUidBatches(uids)) {
		const { rows } = await fetchRows(client, asked, { envelope: true });
		for (const uid of asked) {
			const given = rows.get(uid)?.envelope?.messageId;
			if (given?.trim() === messageId || toMessageIds(given)[0] === messageId) kept.push(uid);
		}
	}
	return kept;
}

/** See `MailboxSession.find`. Of several with the same Message-ID the newest. */
export async function findMessage(
	client: ImapFlow,
	folder: FolderState,
	{ uidValidity, uid, messageId }: MessageReference,
	subject: string,
): Promise<number | undefined> {
	const search = async (criteria: Parameters<ImapFlow['search']>[0]): Promise<number[]> => {
		const found = await client.search(criteria, { uid: true });
		if (!Array.isArray(found)) throw new MailError('server.protocol', { subject });
		return found;
	};
	if (uidValidity === folder.uidValidity && uid > 0) {
		const found = await search({ uid: `${uid}` });
		if (found.includes(uid)) return uid;
	}
	if (messageId === '') return undefined;
	const candidates = await search({ header: { 'message-id': messageId } });
	const same = await keepWithMessageId(client, candidates, messageId);
	return same.length === 0 ? undefined : Math.max(...same);
}
