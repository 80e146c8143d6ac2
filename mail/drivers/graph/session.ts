import { MailError } from '../../errors';
import type { FolderState, Log, MailboxSession } from '../../ports';
import { changeFlags, deleteMessages, transfer } from './change-message';
import { fetchReceivedAt } from './fetch-received-at';
import { fetchSource } from './fetch-source';
import { findFolder } from './folder';
import { findMessage } from './find-message';
import type { Lookout } from './lookout';
import type { MailboxFolder } from './mailbox-folder';
import type { FolderMemory } from './memory';
import { MessageReader } from './read-message';
import { search } from './search';
import { waitOut } from '../net/wait-out';

export interface SessionParts {
	readonly folder: MailboxFolder;
	readonly lookout: Lookout;
	readonly state: FolderState;
	/** See `FolderMemory`. */
	readonly place: string;
	/** Whether it was looked for new messages on opening. */
	readonly isFresh: boolean;
	readonly closing: AbortController;
	readonly pollMs: number;
	readonly log: Log;
}

/** See `MailboxSession`: there is no connection, so that it ends when it is closed and not before. */
export function createSession(parts: SessionParts): MailboxSession {
	const { folder, lookout, state, closing, log } = parts;
	const { client, numbering, signal } = folder;
	const subject = `folder "${folder.path}"`;
	const reader = new MessageReader(folder, (id) => lookout.miss(id));
	// Times of receipt by number, for the messages listed last.
	const times = new Map<number, number>();
	let isFresh = parts.isFresh;

	const open = async <T>(command: () => Promise<T>): Promise<T> => {
		if (signal.aborted) throw new MailError('connection.lost', { subject });
		return await command();
	};
	const look = async () => {
		if (!isFresh) await lookout.look({ client, folderId: folder.id, subject, signal });
		isFresh = false;
	};

	return {
		folder: state,
		lookEveryMs: parts.pollMs,
		toMemory: (isNeeded = () => true): FolderMemory => ({
			place: parts.place,
			numbers: numbering.toMemory(isNeeded),
			...lookout.toMemory(isNeeded),
		}),
		search: async ({ uidFrom = 1, ...query }) =>
			await open(async () => {
				const isForNew = Object.values(query).every((value) => value === undefined);
				const isListed = !isForNew || uidFrom === 1 || numbering.hasUnnumberedFrom(uidFrom);
				if (isListed) {
					times.clear();
					for (const { uid, receivedMs } of await search(folder, lookout, query)) {
						times.set(uid, receivedMs);
					}
				}
				if (isForNew && uidFrom > 1) await look();
				const found = isForNew && uidFrom > 1 ? numbering.numbers() : [...times.keys()];
				return found.filter((uid) => uid >= uidFrom).sort((a, b) => a - b);
			}),
		fetchReceivedAt: async (uids) => await open(() => fetchReceivedAt(folder, uids, times)),
		fetchHeads: async (uids) => await open(() => reader.fetchHeads(uids)),
		fetchBodies: async (requests) => await open(() => reader.fetchBodies(requests)),
		fetchSource: async (uid, maxBytes) => await open(() => fetchSource(folder, uid, maxBytes)),
		openAttachment: async (head, attachment) =>
			await open(() => reader.openAttachment(head, attachment)),
		serverId: (uid) => numbering.idOf(uid),
		find: async (reference) => await open(() => findMessage(folder, lookout, reference)),
		addFlags: async (uids, flags) => await open(() => changeFlags(folder, 'add', uids, flags)),
		removeFlags: async (uids, flags) =>
			await open(() => changeFlags(folder, 'remove', uids, flags)),
		copy: async (uids, path) =>
			await open(async () => {
				if (uids.length === 0) return;
				await transfer(folder, 'copy', uids, (await findFolder(client, path, signal)).id);
			}),
		move: async (uids, path) =>
			await open(async () => {
				if (uids.length === 0) return;
				await transfer(folder, 'move', uids, (await findFolder(client, path, signal)).id);
				reader.forget(uids);
			}),
		delete: async (uids) =>
			await open(async () => {
				await deleteMessages(folder, uids);
				reader.forget(uids);
			}),
		waitForChange: async (timeoutMs, abort) => {
			const outcome = await waitOut(timeoutMs, AbortSignal.any([abort, signal]));
			if (signal.aborted && !abort.aborted) throw new MailError('connection.lost', { subject });
			return outcome;
		},
		close: async () => {
			closing.abort();
			log.debug(`Closed ${subject}`);
			await Promise.resolve();
		},
	};
}
