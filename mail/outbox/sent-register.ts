import { isMailError, type MailError } from '../errors';
import { SENT_MEMORY_ENTRIES, SENT_MEMORY_MS } from '../limits';
import type { SendOutcome } from '../outgoing';

type Fate =
	| { readonly status: 'underWay'; readonly end: Promise<unknown> }
	| { readonly status: 'sent'; readonly outcome: SendOutcome; readonly atMs: number }
	| { readonly status: 'uncertain'; readonly error: MailError; readonly atMs: number };

/**
 * What became of mails by their identity, so that a node that is tried again does not send again what has left. Of one
 * process: a node is tried again in the process in which it failed.
 */
export class SentRegister {
	/** In the order in which they came to their end. */
	readonly #fates = new Map<string, Fate>();
	#weight = 0;

	/**
	 * Sends unless it was sent. Settles as `send` does, or with the earlier outcome.
	 *
	 * @param send is given the error of an earlier try whose fate is uncertain
	 */
	async once(
		identityKey: string,
		send: (uncertain?: MailError) => Promise<SendOutcome>,
	): Promise<SendOutcome> {
		let fate = this.#fates.get(identityKey);
		while (fate?.status === 'underWay') {
			await fate.end;
			fate = this.#fates.get(identityKey);
		}
		if (fate?.status === 'sent') return { ...fate.outcome, alreadySent: true };
		const sending = send(fate?.error);
		this.#set(identityKey, { status: 'underWay', end: sending.catch(() => undefined) });
		try {
			const outcome = await sending;
			this.#set(identityKey, { status: 'sent', outcome, atMs: Date.now() });
			return outcome;
		} catch (error) {
			if (isMailError(error, 'send.uncertain')) {
				this.#set(identityKey, { status: 'uncertain', error, atMs: Date.now() });
			} else {
				this.#forget(identityKey);
			}
			throw error;
		} finally {
			this.#trim();
		}
	}

	#set(identityKey: string, fate: Fate): void {
		this.#forget(identityKey);
		this.#fates.set(identityKey, fate);
		this.#weight += toWeight(fate);
	}

	#forget(identityKey: string): void {
		const fate = this.#fates.get(identityKey);
		if (fate === undefined) return;
		this.#weight -= toWeight(fate);
		this.#fates.delete(identityKey);
	}

	/** The oldest first; what is under way is somebody's, and stays. */
	#trim(): void {
		const oldestMs = Date.now() - SENT_MEMORY_MS;
		for (const [identityKey, fate] of this.#fates) {
			if (fate.status === 'underWay') continue;
			if (fate.atMs >= oldestMs && this.#weight <= SENT_MEMORY_ENTRIES) return;
			this.#forget(identityKey);
		}
	}
}

/** That of this process. */
export const sentRegister = new SentRegister();

function toWeight(fate: Fate): number {
	if (fate.status !== 'sent') return 1;
	return 1 + fate.outcome.accepted.length + fate.outcome.rejected.length;
}
