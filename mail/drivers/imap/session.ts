import type { ImapFlow, SearchObject } from 'imapflow';
import { MailError, type MailErrorCode } from '../../errors';
import type { FolderState, Log, MailboxSession, MessageQuery } from '../../ports';
import type { ChangeSignal } from './change-signal';
import { fetchBodies } from './fetch-bodies';
import { fetchReceivedAt } from './fetch-received-at';
import { fetchHeads, type KnownContent } from './fetch-heads';
import { fetchSource } from './fetch-source';
import type { Lifeline } from './lifeline';
import { toUidRange } from './uid-range';

/** A signed-in connection with an open folder, see `MailboxSession`. */
export function createSession(
	lifeline: Lifeline,
	folder: FolderState,
	change: ChangeSignal,
	log: Log,
): MailboxSession {
	const subject = `folder "${folder.path}"`;
	const known: KnownContent = new WeakMap();
	// Whether the server has just told what is in the folder.
	let isFresh = true;
	return {
		folder,
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
		addFlags: async (uids, flags) => {
			if (uids.length === 0 || flags.length === 0) return;
			if (folder.readOnly) throw new MailError('mailbox.readOnly', { subject });
			await lifeline.run(subject, async (client) => await addFlags(client, uids, flags, subject));
		},
		waitForChange: async (timeoutMs, signal) => {
			try {
				const outcome = await lifeline.whileAlive(change.wait(timeoutMs, signal));
				isFresh = outcome === 'changed';
				return outcome;
			} finally {
				change.cancel();
			}
		},
		close: async () => {
			await lifeline.close();
			log.debug(`Closed ${subject}`);
		},
	};
}

/** One day: SINCE compares with the date in the server's time zone, which nobody knows. */
const DAY_MS = 24 * 60 * 60_000;

async function search(client: ImapFlow, query: MessageQuery, subject: string): Promise<number[]> {
	const { uidFrom = 1, unseen, receivedSince } = query;
	const criteria: SearchObject = { uid: `${uidFrom}:*` };
	if (unseen === true) criteria.seen = false;
	if (receivedSince !== undefined) criteria.since = new Date(receivedSince.getTime() - DAY_MS);
	const found = await client.search(criteria, { uid: true });
	if (!Array.isArray(found)) throw new MailError('server.protocol', { subject });
	// RFC 9051, section 9: `n:*` always includes the last message, however small its UID.
	return found.filter((uid) => uid >= uidFrom).sort((a, b) => a - b);
}

async function addFlags(
	client: ImapFlow,
	uids: readonly number[],
	flags: readonly string[],
	subject: string,
): Promise<void> {
	let refusal: MailErrorCode = 'mailbox.readOnly';
	// imapflow swallows the refusal of a STORE; this event is the one trace of it.
	const onResponse = ({ response, code }: { response: string; code?: string }) => {
		if (response === 'BAD') refusal = 'server.protocol';
		if (code === 'LIMIT' || code === 'OVERQUOTA') refusal = 'server.throttled';
		if (code === 'INUSE' || code === 'UNAVAILABLE') refusal = 'server.unavailable';
	};
	client.on('response', onResponse);
	try {
		// Silent: our own change must not wake us.
		const done = await client.messageFlagsAdd(toUidRange(uids), [...flags], {
			uid: true,
			silent: true,
		});
		if (!done) {
			throw new MailError(client.usable ? refusal : 'connection.lost', {
				subject,
				retryable: refusal !== 'mailbox.readOnly',
			});
		}
	} finally {
		client.off('response', onResponse);
	}
}
