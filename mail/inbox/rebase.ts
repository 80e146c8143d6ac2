import { BATCH_MESSAGES } from '../limits';
import type { FetchedHead, MailboxSession } from '../ports';
import { DigestCount, toDigest } from './digest';
import type { Ledger } from './ledger';
import type { OpenMail } from './open-mail';
import { findReceivedSince } from './received-since';

/** A rebuilt mailbox may have lost the exact times: mails from this long before the newest are looked at too. */
const OVERLAP_MS = 24 * 60 * 60_000;

/**
 * After a change of UIDVALIDITY all UIDs are meaningless (RFC 3501, section 2.3.1.1). Mails that were finished, or are
 * in an execution, are known again by their digests; what was received no earlier than the newest mail taken is new; and
 * where mails were still waiting, so is everything that nobody has read.
 */
export async function rebaseLedger(ledger: Ledger, session: MailboxSession): Promise<void> {
	// INTERNALDATE knows whole seconds only, and another mail may have come in the same one.
	const newest = Math.floor(ledger.newestReceivedAt / 1000) * 1000;
	const recent = await findReceivedSince(session, newest - OVERLAP_MS);
	const unread = ledger.hasUnread ? await session.search({ unseen: true }) : [];
	const isUnread = new Set(unread);
	const candidates = [...new Set([...recent, ...unread])].sort((a, b) => a - b);

	const finished = new DigestCount(ledger.finishedDigests);
	const waiting = byDigest(ledger.mails);
	const found = new Map<OpenMail, number>();
	const fresh: number[] = [];
	for (let start = 0; start < candidates.length; start += BATCH_MESSAGES) {
		const heads = await session.fetchHeads(candidates.slice(start, start + BATCH_MESSAGES));
		for (const entry of heads) {
			const known = 'head' in entry ? waiting.get(toDigest(entry.head))?.shift() : undefined;
			if (known !== undefined) found.set(known, entry.uid);
			else if (isNew(entry)) fresh.push(entry.uid);
		}
	}
	const { uidValidity, uidNext } = session.folder;
	const last = candidates.at(-1) ?? 0;
	ledger.rebase(uidValidity, Math.max(uidNext, last + 1), found, fresh);

	function isNew(entry: FetchedHead): boolean {
		// What cannot be read is told to the user rather than left out.
		if (!('head' in entry)) return true;
		if (finished.take(toDigest(entry.head))) return false;
		return isUnread.has(entry.uid) || entry.head.receivedAt.getTime() >= newest;
	}
}

function byDigest(mails: readonly OpenMail[]): Map<string, OpenMail[]> {
	const map = new Map<string, OpenMail[]>();
	for (const mail of mails) {
		if (mail.digest === undefined) continue;
		map.set(mail.digest, [...(map.get(mail.digest) ?? []), mail]);
	}
	return map;
}
