import { MailError } from '../../errors';
import type { FolderState, Log, MailboxSession } from '../../ports';
import { openAttachment } from './attachment-stream';
import type { ChangeSignal } from './change-signal';
import { fetchBodies } from './fetch-bodies';
import { fetchReceivedAt } from './fetch-received-at';
import { fetchHeads, type KnownContent } from './fetch-heads';
import { fetchSource } from './fetch-source';
import type { Lifeline } from './lifeline';
import { findMessage } from './message-id';
import { copyMessages, deleteMessages, moveMessages } from './move-messages';
import type { OpenFolder } from './open-folder';
import { search } from './search';
import { storeFlags } from './store-flags';

/** A signed-in connection with an open folder, see `MailboxSession`. */
export function createSession(
	lifeline: Lifeline,
	folder: FolderState,
	announcements: ChangeSignal,
	log: Log,
): MailboxSession {
	const subject = `folder "${folder.path}"`;
	const known: KnownContent = new WeakMap();
	// Whether the server has just told what is in the folder.
	let isFresh = true;
	const withFolder = async (action: (opened: OpenFolder) => Promise<void>): Promise<void> => {
		const { refusals } = lifeline;
		await lifeline.run(subject, (client) => action({ client, refusals, subject, log }));
	};
	/** What alters the folder itself. */
	const change = async (
		uids: readonly number[],
		action: (opened: OpenFolder) => Promise<void>,
	): Promise<void> => {
		if (uids.length === 0) return;
		if (folder.readOnly) throw new MailError('mailbox.readOnly', { subject });
		await withFolder(action);
	};
	const store = async (
		operation: 'add' | 'remove',
		uids: readonly number[],
		flags: readonly string[],
	): Promise<void> => {
		if (flags.length === 0) return;
		await change(uids, (opened) => storeFlags(opened, operation, uids, flags));
	};
	return {
		folder,
		signIn: lifeline.signIn,
		search: async (query) =>
			await lifeline.run(subject, async (client) => {
				// A server may keep mail to itself that was moved in, also from SEARCH, until it is asked
				// for news (RFC 9051, section 6.1.2).
				if (!isFresh) await client.noop();
				isFresh = false;
				return await search(client, query, subject);
			}),
		fetchReceivedAt: async (uids) =>
			await lifeline.run(subject, async (client) => await fetchReceivedAt(client, uids)),
		fetchHeads: async (uids) =>
			await lifeline.run(subject, async (client) => await fetchHeads(client, uids, known)),
		fetchBodies: async (requests) =>
			await lifeline.run(subject, async (client) => await fetchBodies(client, requests, known)),
		fetchSource: async (uid, maxBytes) =>
			await lifeline.run(subject, async (client) => await fetchSource(client, uid, maxBytes)),
		openAttachment: async (head, attachment) =>
			await openAttachment(lifeline, head, attachment, known),
		toMemory: () => undefined,
		serverId: () => undefined,
		find: async (reference) =>
			await lifeline.run(
				subject,
				async (client) => await findMessage(client, folder, reference, subject),
			),
		addFlags: async (uids, flags) => await store('add', uids, flags),
		removeFlags: async (uids, flags) => await store('remove', uids, flags),
		copy: async (uids, target) => {
			if (uids.length > 0) await withFolder((opened) => copyMessages(opened, uids, target));
		},
		move: async (uids, target) => {
			await change(uids, (opened) => moveMessages(opened, uids, target));
		},
		delete: async (uids) => {
			await change(uids, (opened) => deleteMessages(opened, uids));
		},
		waitForChange: async (timeoutMs, signal) => {
			try {
				const outcome = await lifeline.whileAlive(announcements.wait(timeoutMs, signal));
				isFresh = outcome === 'changed';
				return outcome;
			} finally {
				announcements.cancel();
			}
		},
		close: async () => {
			await lifeline.close();
			log.debug(`Closed ${subject}`);
		},
	};
}
