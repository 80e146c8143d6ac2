import type { ImapFlow } from 'imapflow';

const events = ['exists', 'expunge', 'flags', 'highestModseq'] as const;

type Outcome = 'changed' | 'timeout' | 'aborted';

/**
 * Remembers that the server announced something in the open folder until somebody has waited for it: an
 * announcement during a fetch ends the next wait at once.
 */
export class ChangeSignal {
	#changed = false;
	#settle: ((outcome: Outcome) => void) | undefined;

	constructor(client: ImapFlow) {
		for (const event of events) {
			client.on(event, () => {
				if (this.#settle === undefined) this.#changed = true;
				else this.#settle('changed');
			});
		}
	}

	/** One wait at a time. */
	async wait(timeoutMs: number, signal: AbortSignal): Promise<Outcome> {
		if (signal.aborted) return 'aborted';
		if (this.#changed) {
			this.#changed = false;
			return 'changed';
		}
		return await new Promise((resolve) => {
			const onAbort = () => this.#settle?.('aborted');
			const timer = setTimeout(() => this.#settle?.('timeout'), timeoutMs);
			signal.addEventListener('abort', onAbort, { once: true });
			this.#settle = (outcome) => {
				this.#settle = undefined;
				clearTimeout(timer);
				signal.removeEventListener('abort', onAbort);
				resolve(outcome);
			};
		});
	}

	/** Ends a wait that nobody is interested in any more. */
	cancel(): void {
		this.#settle?.('aborted');
	}
}
