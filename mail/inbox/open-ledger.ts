import type { FolderState, MailboxSession } from '../ports';
import type { CheckpointStore } from './checkpoint';
import { Ledger } from './ledger';
import { rebaseLedger } from './rebase';
import { findReceivedSince } from './received-since';
import type { StartWith } from './start-with';

/** Clocks of server and host differ: a mail may carry a time this much before its arrival. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * The ledger of the session's folder: continued where one is remembered, also over a change of UIDVALIDITY, otherwise
 * begun by `startWith`.
 *
 * @param present what this process knows already
 * @param isPrompt whether the folder's next UID still tells what was there when the watch began
 */
export async function openLedger(
	session: MailboxSession,
	present: Ledger | undefined,
	store: CheckpointStore,
	startWith: StartWith,
	isPrompt: boolean,
): Promise<Ledger> {
	const ledger = continueLedger(present, store);
	if (ledger === undefined) return await beginLedger(session, store, startWith, isPrompt);
	if (isRebuilt(ledger, session.folder)) await rebaseLedger(ledger, session);
	return ledger;
}

/** A restored backup may have its old UIDVALIDITY: then the next UID, which never falls, has fallen. */
function isRebuilt(ledger: Ledger, { uidValidity, uidNext }: FolderState): boolean {
	return ledger.uidValidity !== uidValidity || uidNext < ledger.frontier;
}

/** What this process knows is the newest, unless another one has watched meanwhile. */
function continueLedger(present: Ledger | undefined, store: CheckpointStore): Ledger | undefined {
	const checkpoint = store.load();
	if (checkpoint === undefined) return present;
	const isOutdated = present === undefined || present.revision < checkpoint.revision;
	return isOutdated ? new Ledger(checkpoint) : present;
}

async function beginLedger(
	session: MailboxSession,
	store: CheckpointStore,
	startWith: StartWith,
	isPrompt: boolean,
): Promise<Ledger> {
	const { uidValidity, uidNext } = session.folder;
	const begin = (open: readonly number[], newestReceivedAt: number) =>
		new Ledger({
			revision: 0,
			uidValidity,
			frontier: Math.max(uidNext, ...open.slice(-1).map((uid) => uid + 1)),
			open: open.map((uid) => [uid, uid] as const),
			mails: [],
			executions: [],
			newestReceivedAt,
			finished: [],
		});

	// A lost checkpoint means: look again. What is still unread may not have been handled.
	const unseen = store.lost ? true : undefined;
	switch (startWith.kind) {
		case 'all':
			return begin(await session.search({ unseen }), unseen === true ? store.startedAt : 0);
		case 'unread':
			return begin(await session.search({ unseen: true }), store.startedAt);
		case 'since': {
			// INTERNALDATE knows whole seconds only (RFC 3501, section 9).
			const time = Math.floor(startWith.date.getTime() / 1000) * 1000;
			return begin(await findReceivedSince(session, time, unseen), time);
		}
		case 'new':
			if (unseen === true) return begin(await session.search({ unseen }), store.startedAt);
			return isPrompt
				? begin([], store.startedAt)
				: begin(await findReceivedSince(session, store.startedAt - CLOCK_SKEW_MS), store.startedAt);
	}
}
