import { INTERRUPTION_PAUSES_MS, INTERRUPTIONS, RETRY_PAUSES_MS } from '../limits';
import type { Acknowledge, AfterProcessing } from './delivery';
import type { Cargo } from './desk';
import type { Flight } from './flight';
import type { Ledger } from './ledger';
import type { OpenMail } from './open-mail';

/** What is to be done with mails whose execution has come to something. */
export interface AcknowledgeSettings {
	readonly acknowledge: Acknowledge;
	readonly afterProcessing: AfterProcessing;
	/** With a mail that cannot be read, or that its workflow fails with, before it leaves by the error output. */
	readonly attempts: number;
}

/**
 * Notes in the ledger what became of an execution: over, or due again.
 *
 * @param now ms since 1970
 */
export function settleFlight(
	ledger: Ledger,
	{ cargo, landing }: Flight<Cargo>,
	settings: AcknowledgeSettings,
	now: number,
): void {
	const { acknowledge, attempts } = settings;
	const { mails, isLastWord } = cargo;
	switch (landing.kind) {
		case 'stored':
			if (acknowledge === 'stored') ledger.end(mails);
			return;
		case 'succeeded':
			return ledger.end(mails);
		case 'notStarted':
			return takeBackOpen(ledger, mails);
		case 'interrupted':
			return repeat(ledger, mails, attempts, now);
		case 'failed':
			if (acknowledge !== 'succeeded' || isLastWord) return ledger.end(mails);
			return blame(ledger, mails, landing.reason, attempts, now);
	}
}

/** The execution died: each mail gets another one, unless even those that tell of the failure have died. */
function repeat(ledger: Ledger, mails: readonly OpenMail[], attempts: number, now: number): void {
	for (const mail of mails.filter(isOpen)) {
		const deaths = mail.attempts - mail.faults;
		if (deaths >= INTERRUPTIONS + attempts) {
			ledger.end([mail]);
			continue;
		}
		const pauseMs = INTERRUPTION_PAUSES_MS[deaths] ?? INTERRUPTION_PAUSES_MS.at(-1) ?? 0;
		retryOpen(ledger, [mail], now + pauseMs);
	}
}

/** The workflow failed: a mail that was alone in it is to blame; of several, each gets an execution of its own. */
function blame(
	ledger: Ledger,
	mails: readonly OpenMail[],
	reason: string,
	attempts: number,
	now: number,
): void {
	const [mail] = mails;
	if (mail === undefined) return;
	if (mails.length > 1) {
		for (const each of mails) each.isAlone = true;
		return retryOpen(ledger, mails, 0);
	}
	noteFault(mail, reason);
	retryOpen(ledger, mails, now + toPauseMs(mail, attempts));
}

/** One more time that the mail itself was to blame. */
export function noteFault(mail: OpenMail, reason: string): void {
	mail.faults++;
	mail.reason = reason;
}

/** The next attempt with a mail that was to blame waits this long, in ms. */
export function toPauseMs({ faults }: OpenMail, attempts: number): number {
	if (faults >= attempts) return 0;
	return RETRY_PAUSES_MS[Math.min(faults, RETRY_PAUSES_MS.length) - 1] ?? 0;
}

/** What was acknowledged when it was stored is over, whatever comes later. */
function isOpen({ phase }: OpenMail): boolean {
	return phase === 'given';
}

function takeBackOpen(ledger: Ledger, mails: readonly OpenMail[]): void {
	ledger.takeBack(mails.filter(isOpen));
}

function retryOpen(ledger: Ledger, mails: readonly OpenMail[], notBefore: number): void {
	ledger.retry(mails.filter(isOpen), notBefore);
}
