import type { MailboxSession } from '../ports';
import type { CheckpointStore } from './checkpoint';
import { Ledger } from './ledger';

/** Which of the mails that are already in the folder are taken when it is watched for the first time. */
export type StartWith =
	| { readonly kind: 'new' }
	| { readonly kind: 'unread' }
	| { readonly kind: 'since'; readonly date: Date }
	| { readonly kind: 'all' };

/** Clocks of server and host differ: a mail may carry a time this much before its arrival. */
const CLOCK_SKEW_MS = 5 * 60_000;

/**
 * The ledger of the session's folder: continued from the checkpoint where it fits, otherwise begun by `startWith`.
 * After a change of UIDVALIDITY all UIDs are meaningless (RFC 3501, section 2.3.1.1): what was received after the
 * newest mail taken before is then new.
 *
 * @param isPrompt whether the folder's next UID still tells what was there when the watch began
 */
export async function openLedger(
	session: MailboxSession,
	store: CheckpointStore,
	startWith: StartWith,
	isPrompt: boolean,
): Promise<Ledger> {
	const { uidValidity, uidNext } = session.folder;
	const begin = (open: readonly number[], newestReceivedAt: number) =>
		new Ledger({
			uidValidity,
			frontier: uidNext,
			open: open.map((uid) => [uid, uid] as const),
			given: [],
			executions: [],
			newestReceivedAt,
		});

	const checkpoint = store.load();
	if (checkpoint?.uidValidity === uidValidity) return new Ledger(checkpoint);
	if (checkpoint !== undefined) {
		const since = checkpoint.newestReceivedAt;
		const newer = await findReceivedSince(session, since + 1);
		// Of those that still waited nobody knows which they are now: look again at all that nobody has read.
		const waiting = checkpoint.open.length > 0 ? await session.search({ unseen: true }) : [];
		return begin([...newer, ...waiting], since);
	}
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

async function findReceivedSince(
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
