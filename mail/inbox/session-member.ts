import type { AttachmentInfo, MessageHead } from '../message';
import type { FolderState, MailboxSession } from '../ports';
import type { Member, SharedSession } from './shared-session';

type News = 'changed' | 'timeout' | 'aborted';

/** Joins a shared session, which then looks like one of one's own. Throws when it has failed meanwhile. */
export async function joinSession(shared: SharedSession): Promise<MailboxSession> {
	const member = createMember(shared);
	try {
		return { ...member, folder: await toPresentState(shared) };
	} catch (error) {
		await member.close();
		throw error;
	}
}

/** The folder was perhaps opened long ago: what counts is what is in it now. */
async function toPresentState(shared: SharedSession): Promise<FolderState> {
	const { folder } = shared.session;
	if (!shared.isUsed) {
		shared.isUsed = true;
		return folder;
	}
	await shared.search({ uidFrom: shared.uidNext });
	return { ...folder, uidNext: shared.uidNext };
}

function createMember(shared: SharedSession): MailboxSession {
	const { session } = shared;
	let hasNews = false;
	let waiting: { hear: (news: News) => void; fail: (error: unknown) => void } | undefined;
	const member: Member = {
		announce: () => {
			if (waiting === undefined) hasNews = true;
			else waiting.hear('changed');
		},
		fail: (error) => waiting?.fail(error),
	};
	shared.join(member);

	async function waitForChange(timeoutMs: number, signal: AbortSignal): Promise<News> {
		if (signal.aborted) return 'aborted';
		if (hasNews) {
			hasNews = false;
			return 'changed';
		}
		let timer: NodeJS.Timeout | undefined;
		const onAbort = () => waiting?.hear('aborted');
		try {
			return await new Promise<News>((resolve, reject) => {
				waiting = { hear: resolve, fail: reject };
				timer = setTimeout(() => resolve('timeout'), timeoutMs);
				signal.addEventListener('abort', onAbort, { once: true });
				shared.expectNews();
			});
		} finally {
			waiting = undefined;
			clearTimeout(timer);
			signal.removeEventListener('abort', onAbort);
		}
	}

	async function openAttachment(head: MessageHead, attachment: AttachmentInfo) {
		const turn = await shared.takeTurn();
		try {
			const stream = await session.openAttachment(head, attachment);
			stream.once('close', () => turn.end());
			return stream;
		} catch (error) {
			turn.end();
			throw error;
		}
	}

	return {
		folder: session.folder,
		lookEveryMs: session.lookEveryMs,
		signIn: session.signIn,
		toMemory: (isNeeded) => session.toMemory(isNeeded),
		serverId: (uid) => session.serverId(uid),
		search: async (query) => await shared.search(query),
		fetchReceivedAt: async (uids) => await shared.run((own) => own.fetchReceivedAt(uids)),
		fetchHeads: async (uids) => await shared.run((own) => own.fetchHeads(uids)),
		fetchBodies: async (requests) => await shared.run((own) => own.fetchBodies(requests)),
		fetchSource: async (uid, bytes) => await shared.run((own) => own.fetchSource(uid, bytes)),
		find: async (reference) => await shared.run((own) => own.find(reference)),
		addFlags: async (uids, flags) => await shared.run((own) => own.addFlags(uids, flags)),
		removeFlags: async (uids, flags) => await shared.run((own) => own.removeFlags(uids, flags)),
		copy: async (uids, folder) => await shared.run((own) => own.copy(uids, folder)),
		move: async (uids, folder) => await shared.run((own) => own.move(uids, folder)),
		delete: async (uids) => await shared.run((own) => own.delete(uids)),
		openAttachment,
		waitForChange,
		close: async () => {
			await shared.leave(member);
		},
	};
}
