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

/** How long after the start the folder's next UID still tells new from old. */
const PROMPT_MS = 30_000;

/**
 * The ledger of the session's folder: continued from the checkpoint where it fits, otherwise begun by `startWith`.
 * After a change of UIDVALIDITY all UIDs are meaningless (RFC 3501, section 2.3.1.1): what was received after the
 * newest mail taken before is then new.
 */
export async function openLedger(
	session: MailboxSession,
	store: CheckpointStore,
	startWith: StartWith,
	now: number,
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
		return begin(await findReceivedSince(session, since + 1), since);
	}
	// A lost checkpoint means: look again. What is still unread may not have been handled.
	const start: StartWith = store.lost && startWith.kind === 'new' ? { kind: 'unread' } : startWith;
	switch (start.kind) {
		case 'all':
			return begin(await session.search({}), 0);
		case 'unread':
			return begin(await session.search({ unseen: true }), store.startedAt);
		case 'since':
			return begin(await findReceivedSince(session, start.date.getTime()), start.date.getTime());
		case 'new':
			return now - store.startedAt < PROMPT_MS
				? begin([], store.startedAt)
				: begin(await findReceivedSince(session, store.startedAt - CLOCK_SKEW_MS), store.startedAt);
	}
}

async function findReceivedSince(session: MailboxSession, time: number): Promise<number[]> {
	// The server compares days: the exact time is ours to look at.
	const candidates = await session.search({ receivedSince: new Date(time) });
	if (candidates.length === 0) return [];
	const heads = await session.fetchReceivedAt(candidates);
	return heads.filter(({ receivedAt }) => receivedAt.getTime() >= time).map(({ uid }) => uid);
}
