import { ORPHAN_PATIENCE_MS, RECORD_POLL_MS } from '../limits';
import { type AcknowledgeSettings, settleFlight } from './acknowledgement';
import type { ExecutionRecords, ExecutionState } from './delivery';
import type { Orphan } from './execution-register';
import type { Ledger } from './ledger';

/** Answers that say nothing before the records are given up. */
const UNKNOWN_ANSWERS = 3;

/**
 * Executions of an earlier process: asks the host's records how they ended. Returns whether any could be settled.
 *
 * @param now ms since 1970
 */
export async function settleOrphans(
	ledger: Ledger,
	records: ExecutionRecords,
	settings: AcknowledgeSettings,
	now: number,
): Promise<boolean> {
	let hasSettled = false;
	for (const orphan of ledger.orphans) {
		if (orphan.askAt > now) continue;
		orphan.askedSince ??= now;
		const state = await records.find(orphan.key);
		if (!settle(ledger, orphan, state, settings, now)) {
			orphan.askAt = now + RECORD_POLL_MS;
			continue;
		}
		ledger.settle(orphan);
		hasSettled = true;
	}
	return hasSettled;
}

/** Returns false while the execution is still under way. */
function settle(
	ledger: Ledger,
	orphan: Orphan,
	state: ExecutionState,
	settings: AcknowledgeSettings,
	now: number,
): boolean {
	const mails = orphan.mails.filter(({ phase }) => phase === 'given');
	const land = (landing: Parameters<typeof settleFlight>[1]['landing']) => {
		const isLastWord = mails.some(({ faults }) => faults >= settings.attempts);
		settleFlight(ledger, { cargo: { mails, isLastWord }, landing }, settings, now);
		return true;
	};
	switch (state) {
		case 'finished':
			return land({ kind: 'succeeded' });
		case 'failed':
			return land({ kind: 'failed', reason: 'the workflow failed' });
		case 'interrupted':
			return land({ kind: 'interrupted' });
		case 'absent':
			return land({ kind: 'notStarted' });
		case 'underWay':
			if (settings.acknowledge === 'stored') return land({ kind: 'stored' });
			if (now - (orphan.askedSince ?? now) < ORPHAN_PATIENCE_MS) return false;
			break;
		case 'unknown':
			// A database that is busy answers the next time; a host without records costs these few seconds.
			if (++orphan.unknowns < UNKNOWN_ANSWERS) return false;
			break;
	}
	// The mark at the server is the one witness left; without it the mail is given again.
	for (const mail of mails) mail.isDoubtful = true;
	return land({ kind: 'interrupted' });
}
