import { RETRY_PAUSES_MS } from '../limits';
import type { MailRecord, Phase } from './checkpoint';

/** A mail that something was done with and that is not finished. Keeps its identity when UIDs change. */
export interface OpenMail {
	/** Undefined when the mail was not found again after UIDVALIDITY changed: nothing can be done at the server. */
	uid: number | undefined;
	phase: Phase;
	attempts: number;
	faults: number;
	losses: number;
	digest: string | undefined;
	deliveryId: string | undefined;
	/** Not before this time, ms since 1970. */
	notBefore: number;
	/** What went wrong last; not remembered over a restart. */
	reason: string | undefined;
	/** Given by an earlier process, and nobody could tell how that ended. */
	isDoubtful: boolean;
	/** Not together with others: one of them may be to blame. */
	isAlone: boolean;
}

/** One that was lost by itself lets the others go first. */
export function noteLoss(mail: OpenMail, now: number): void {
	mail.losses++;
	if (mail.losses < 2) return;
	const pauseMs = RETRY_PAUSES_MS[Math.min(mail.losses - 1, RETRY_PAUSES_MS.length) - 1] ?? 0;
	mail.notBefore = now + pauseMs;
}

/** One execution that died says little: the process was killed with all that it did. */
export function isSuspect({ attempts, faults, losses, isAlone }: OpenMail): boolean {
	return isAlone || attempts > 1 || faults + losses > 0;
}

export function toOpenMail(record: MailRecord): OpenMail {
	return {
		uid: record.uid,
		phase: record.phase,
		attempts: record.attempts,
		faults: record.faults,
		losses: record.losses,
		digest: record.digest,
		deliveryId: record.deliveryId,
		notBefore: 0,
		reason: undefined,
		isDoubtful: false,
		isAlone: false,
	};
}

export function toRecord(mail: OpenMail): MailRecord[] {
	const { uid, phase, attempts, faults, losses, digest, deliveryId } = mail;
	return uid === undefined ? [] : [{ uid, phase, attempts, faults, losses, digest, deliveryId }];
}
