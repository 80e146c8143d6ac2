import { type GraphAccount, toMailboxName } from '../../connector';
import { MailError } from '../../errors';
import { GRAPH_PARALLEL_REQUESTS, GRAPH_PATIENCE_MS } from '../../limits';
import { sleep } from './sleep';

/** Ends one request's stay; may be called more than once. */
export type Leave = () => void;

/**
 * Lets a few requests at a time into one mailbox: Exchange Online refuses a fifth of one app, whatever part of this
 * process sends it (`Application is over its MailboxConcurrency limit`). Closed for all while the server asks to wait.
 */
export class Gate {
	#inside = 0;
	readonly #queue: Array<() => void> = [];
	/** ms since 1970. */
	#closedUntil = 0;

	/** Throws `server.throttled` where the gate stays closed for longer than anybody waits, and `connection.lost` on abort. */
	async enter(subject: string, signal: AbortSignal | undefined): Promise<Leave> {
		try {
			for (;;) {
				const closedMs = this.#closedUntil - Date.now();
				if (closedMs > GRAPH_PATIENCE_MS) throw toThrottled(subject, closedMs);
				if (closedMs > 0) await sleep(closedMs, subject, signal);
				else if (this.#inside < GRAPH_PARALLEL_REQUESTS) return this.#admit();
				else await this.#stand(subject, signal);
			}
		} catch (error) {
			// Whoever was let forward and goes away leaves the place to the next one.
			if (this.#inside < GRAPH_PARALLEL_REQUESTS) this.#queue.shift()?.();
			throw error;
		}
	}

	/** The server wants nobody for this long. */
	close(durationMs: number): void {
		this.#closedUntil = Math.max(this.#closedUntil, Date.now() + durationMs);
	}

	get isIdle(): boolean {
		return this.#inside + this.#queue.length === 0 && this.#closedUntil <= Date.now();
	}

	#admit(): Leave {
		this.#inside++;
		let hasLeft = false;
		return () => {
			if (hasLeft) return;
			hasLeft = true;
			this.#inside--;
			this.#queue.shift()?.();
		};
	}

	async #stand(subject: string, signal: AbortSignal | undefined): Promise<void> {
		const toLost = () => new MailError('connection.lost', { subject, cause: signal?.reason });
		if (signal?.aborted === true) throw toLost();
		await new Promise<void>((resolve, reject) => {
			const proceed = () => {
				signal?.removeEventListener('abort', onAbort);
				resolve();
			};
			const onAbort = () => {
				this.#queue.splice(this.#queue.indexOf(proceed), 1);
				reject(toLost());
			};
			this.#queue.push(proceed);
			signal?.addEventListener('abort', onAbort, { once: true });
		});
	}
}

function toThrottled(subject: string, retryAfterMs: number): MailError {
	return new MailError('server.throttled', { subject, retryable: true, retryAfterMs });
}

const gates = new Map<string, Gate>();

/** By which a mailbox is known in this process. */
export function toGateKey(account: GraphAccount): string {
	return `${account.origin} ${toMailboxName(account)}`;
}

/** The gate of a mailbox, one for the whole process. */
export function gateOf(key: string): Gate {
	for (const [other, gate] of gates) if (other !== key && gate.isIdle) gates.delete(other);
	const gate = gates.get(key) ?? new Gate();
	gates.set(key, gate);
	return gate;
}
