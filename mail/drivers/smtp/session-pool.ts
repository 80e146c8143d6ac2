import { isMailError, MailError } from '../../errors';

/** What the pool needs to know of a connection. */
export interface PooledSession {
	/** True as soon as the connection cannot be used any more. */
	readonly ended: boolean;
	/** Never throws. */
	close(): Promise<void>;
}

interface Waiter<S> {
	give(session: S): void;
	fail(error: unknown): void;
}

/** A server that could not be reached is left alone this long; whoever asks meanwhile gets the same error. */
const FAILED_OPENING_MS = 5_000;

/**
 * At most `limit` connections, opened when they are needed. The first one is opened alone: a wrong password is
 * tried once, not once per message. Where the server takes fewer connections than allowed, the pool goes on
 * with those it has.
 */
export class SessionPool<S extends PooledSession> {
	readonly #open: () => Promise<S>;
	#limit: number;
	readonly #idle: S[] = [];
	readonly #busy = new Set<S>();
	readonly #waiters: Array<Waiter<S>> = [];
	#opening = 0;
	#proven = false;
	#closed = false;
	#failure?: { readonly error: unknown; readonly untilMs: number };

	constructor(open: () => Promise<S>, limit: number) {
		this.#open = open;
		this.#limit = Math.max(1, limit);
	}

	/** Throws what opening threw, or `send.cancelled` when the signal fires while waiting. */
	async acquire(signal?: AbortSignal): Promise<S> {
		if (this.#closed || signal?.aborted) throw new MailError('send.cancelled');
		if (this.#failure !== undefined && Date.now() < this.#failure.untilMs) {
			throw this.#failure.error;
		}
		const idle = this.#takeIdle();
		if (idle !== undefined) return idle;
		return await new Promise<S>((resolve, reject) => {
			const cancel = () => {
				this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
				reject(new MailError('send.cancelled', { cause: signal?.reason }));
			};
			const waiter: Waiter<S> = {
				give: (session) => {
					signal?.removeEventListener('abort', cancel);
					resolve(session);
				},
				fail: (error) => {
					signal?.removeEventListener('abort', cancel);
					reject(error);
				},
			};
			signal?.addEventListener('abort', cancel, { once: true });
			this.#waiters.push(waiter);
			this.#grow();
		});
	}

	/** Gives a session back, also one that has ended. */
	release(session: S): void {
		this.#busy.delete(session);
		if (this.#closed) void session.close();
		else if (!session.ended) this.#offer(session);
		this.#grow();
	}

	/** Ends idle sessions at once and busy ones when they come back; nobody gets one any more. */
	async close(): Promise<void> {
		this.#closed = true;
		for (const waiter of this.#waiters.splice(0)) waiter.fail(new MailError('send.cancelled'));
		await Promise.all(this.#idle.splice(0).map(async (session) => await session.close()));
	}

	#takeIdle(): S | undefined {
		let session = this.#idle.pop();
		while (session?.ended) session = this.#idle.pop();
		if (session !== undefined) this.#busy.add(session);
		return session;
	}

	#offer(session: S): void {
		const waiter = this.#waiters.shift();
		if (waiter === undefined) {
			this.#idle.push(session);
		} else {
			this.#busy.add(session);
			waiter.give(session);
		}
	}

	#grow(): void {
		const wanted = this.#proven ? this.#limit : 1;
		while (
			this.#waiters.length > this.#opening &&
			this.#busy.size + this.#idle.length + this.#opening < wanted
		) {
			this.#opening++;
			void this.#add();
		}
	}

	async #add(): Promise<void> {
		try {
			const session = await this.#open();
			this.#opening--;
			this.#proven = true;
			if (this.#closed) await session.close();
			else this.#offer(session);
		} catch (error) {
			this.#opening--;
			this.#giveUp(error);
		}
		this.#grow();
	}

	/** Others are at work: they are as many as the server lets in. None is: everybody who waits has to know. */
	#giveUp(error: unknown): void {
		const others = this.#busy.size + this.#idle.length + this.#opening;
		if (others > 0) {
			this.#limit = others;
			return;
		}
		const again = isMailError(error) && error.retryable;
		this.#failure = { error, untilMs: again ? Date.now() + FAILED_OPENING_MS : Infinity };
		for (const waiter of this.#waiters.splice(0)) waiter.fail(error);
	}
}
