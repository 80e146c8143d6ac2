import { isMailError, MailError } from '../../errors';
import type {
	FetchedBody,
	FetchedHead,
	FolderState,
	Log,
	MailboxSession,
	MessageReference,
} from '../../ports';
import { isConnectionFailure } from './error';
import { openAttachment, readBody } from './fetch-body';
import type { ListedMessage } from './listing';
import type { Maildrop, Snapshot } from './maildrop';
import type { RetrievedMessage } from './message';
import { MessageShelf } from './message-shelf';
import type { Numbering } from './numbering';
import { readReceivedAt, search, type ReceivedDates } from './search';
import { waitOut } from '../net/wait-out';

/** See `MailboxSession`. Between two looks at the maildrop nobody is kept out of it. */
export function createSession(
	maildrop: Maildrop,
	numbering: Numbering,
	folder: FolderState,
	log: Log,
): MailboxSession {
	const shelf = new MessageShelf();
	const dates: ReceivedDates = new Map();
	// Whether nobody has searched the present snapshot yet.
	let isFresh = true;

	const leave = async () => {
		isFresh = true;
		await shelf.clear();
		await maildrop.leave();
	};
	// One mail at a time: a mail that is cut off ends its connection.
	const take = async (uid: number): Promise<RetrievedMessage> =>
		await maildrop.run(
			async (snapshot) => await shelf.take(snapshot, requireListed(snapshot, uid)),
		);

	return {
		folder,
		toMemory: () => numbering.toMemory(),
		search: async (query) => {
			if (!isFresh) await maildrop.leave();
			isFresh = false;
			return await maildrop.run(async (snapshot) => {
				for (const uid of dates.keys()) if (!snapshot.listing.has(uid)) dates.delete(uid);
				return await search(snapshot, query, dates);
			});
		},
		fetchReceivedAt: async (uids) =>
			await maildrop.run(
				async (snapshot) => await readReceivedAt(snapshot, findListed(snapshot, uids), dates),
			),
		fetchHeads: async (uids) => {
			const heads: FetchedHead[] = [];
			for (const uid of uids) {
				const read = await orError(uid, async () => ({ uid, head: (await take(uid)).head }));
				if (!('error' in read && isMailError(read.error, 'message.missing'))) heads.push(read);
			}
			return heads;
		},
		fetchBodies: async (requests) => {
			const bodies: FetchedBody[] = [];
			for (const { head, want } of requests) {
				const { uid } = head;
				bodies.push(
					await orError(uid, async () => ({ uid, body: await readBody(await take(uid), want) })),
				);
			}
			return bodies;
		},
		fetchSource: async (uid, maxBytes) => {
			const { spool, sizeBytes } = await take(uid);
			const source = await spool.read({ start: 0, end: maxBytes });
			return { source, truncated: sizeBytes > source.length };
		},
		openAttachment: async (head, attachment) => openAttachment(await take(head.uid), attachment),
		serverId: (uid) => numbering.nameOf(uid),
		find: async (reference) =>
			await maildrop.run(async (snapshot) => await find(snapshot, reference, numbering)),
		// Every mail counts as unseen, whatever is asked for: see `MailboxAbilities`.
		addFlags: async () => await Promise.resolve(),
		removeFlags: async () => await Promise.resolve(),
		copy: async () => await refuseFolders(),
		move: async () => await refuseFolders(),
		delete: async (uids) => {
			const deleted = await maildrop.run(async (snapshot) => {
				const listed = findListed(snapshot, uids);
				const { connection } = snapshot;
				for (const { uid, position } of listed) {
					await connection.command(`DELE ${position}`, `UID ${uid}`);
				}
				// The server deletes at QUIT, and not before (RFC 1939, section 6).
				if (listed.length > 0) await maildrop.commit('QUIT');
				return listed.map(({ uid }) => uid);
			});
			numbering.forget(deleted);
			isFresh = true;
			log.debug(`Deleted ${deleted.length} of ${folder.path}`);
		},
		lookEveryMs: maildrop.timing.pollMs,
		waitForChange: async (timeoutMs, signal) => {
			if (signal.aborted) return 'aborted';
			const { pollMs, lingerMs } = maildrop.timing;
			let leaving: Promise<void> | undefined;
			const linger = setTimeout(() => {
				leaving = leave();
			}, lingerMs);
			const outcome = await waitOut(Math.min(timeoutMs, pollMs), signal);
			clearTimeout(linger);
			if (outcome === 'timeout') await (leaving ?? leave());
			return outcome;
		},
		close: async () => {
			await maildrop.close();
			await shelf.clear();
			log.debug(`Closed ${folder.path}`);
		},
	};
}

function findListed({ listing }: Snapshot, uids: readonly number[]): ListedMessage[] {
	return uids.flatMap((uid) => listing.get(uid) ?? []);
}

function requireListed({ listing }: Snapshot, uid: number): ListedMessage {
	const listed = listing.get(uid);
	if (listed === undefined) throw new MailError('message.missing', { subject: `UID ${uid}` });
	return listed;
}

/** What is wrong with one mail does not disturb the others; a lost connection does. */
async function orError<T>(
	uid: number,
	read: () => Promise<T>,
): Promise<T | { readonly uid: number; readonly error: Error }> {
	try {
		return await read();
	} catch (cause) {
		if (isConnectionFailure(cause)) throw cause;
		return {
			uid,
			error:
				cause instanceof MailError
					? cause
					: new MailError('message.unreadable', { subject: `UID ${uid}`, cause }),
		};
	}
}

/** By its name; a server that has renamed all mails is asked for the Message-ID. */
async function find(
	snapshot: Snapshot,
	{ serverId, uid, uidValidity, messageId }: MessageReference,
	numbering: Numbering,
): Promise<number | undefined> {
	const named = serverId === undefined ? undefined : numbering.numberOf(serverId);
	const sameNumber = uidValidity === numbering.epoch ? uid : undefined;
	for (const candidate of [sameNumber, named]) {
		const isNamed = serverId === undefined || numbering.nameOf(candidate ?? 0) === serverId;
		if (candidate !== undefined && isNamed && snapshot.listing.has(candidate)) return candidate;
	}
	// Within an epoch a name that is not there is a mail that is gone.
	const isGone = serverId !== undefined && uidValidity === numbering.epoch;
	if (messageId === '' || isGone) return undefined;
	return (await search(snapshot, { messageId }, new Map()))[0];
}

async function refuseFolders(): Promise<never> {
	return await Promise.reject(
		new MailError('settings.invalid', {
			subject: 'POP3 mailboxes have one folder only',
			remedy: 'E-mails can be read and deleted by POP3. To copy or move them, use IMAP.',
		}),
	);
}
