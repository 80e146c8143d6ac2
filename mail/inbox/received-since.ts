import type { MailboxSession } from '../ports';

/** UIDs of the mails that the server took in at `time` (ms since 1970) or later. */
export async function findReceivedSince(
	session: MailboxSession,
	time: number,
	unseen?: true,
): Promise<number[]> {
	// The server compares days: the exact time is ours to look at.
	const candidates = await session.search({ receivedSince: new Date(time), unseen });
	if (candidates.length === 0) return [];
	const heads = await session.fetchReceivedAt(candidates);
	return heads.filter(({ receivedAt }) => receivedAt.getTime() >= time).map(({ uid }) => uid);
}
