import { isMailError, MailError } from '../../errors';
import { FEWER_CONNECTIONS_MS } from '../../limits';

/** What the pool needs to know of a connection. */
export interface PooledSession {
	/** True as soon as the connection cannot be used any more. */
	readonly ended: boolean;
	/** True when it must not be used again although it could be. */
	readonly expired: boolean;
	/** Nobody uses it for a while: it must not keep the process alive. */
	rest(): void;
	/** Before it is used again. */
	wake(): void;
	/** Never throws. */
	close(): Promise<void>;
}

export interface PoolOptions {
	/** Connections at a time. */
	readonly limit: number;
	/** How long a connection that nobody uses is kept, in ms. */
	readonly idleMs: number;
	/** The last connection has ended. */
	onEmpty?(): void;
}

interface Waiter<S> {
	give(session: S): void;
	fail(error: unknown): void;
}

/**
 * A server that could not be reached is left alone for a while, and whoever asks meanwhile gets the same error. At
 * first and, after several failures in a row, at last, in ms.
 */
const FAILED_OPENING_FIRST_MS = 500;
const FAILED_OPENING_LAST_MS = 5_000;

/**
 * At most `limit` connections, opened when they are needed and kept for a while. The first one is opened alone: a
 * wrong password is tried once, not once per message. Where the server takes fewer connections than allowed, the
 * pool goes on with those it has, and asks for more later.
 */
export class SessionPool<S extends PooledSession> {
	readonly #open: () => Promise<S>;
	readonly #options: PoolOptions;
	#fewer?: { readonly limit: number; readonly untilMs: number };
	readonly #idle = new Map<S, NodeJS.Timeout>();
	readonly #busy = new Set<S>();
	readonly #waiters: Array<Waiter<S>> = [];
	#opening = 0;
	#proven = false;
	#closed = false;
	#failures = 0;
	#failure?: { readonly error: unknown; readonly atMs: number; readonly untilMs: number };

	constructor(open: () => Promise<S>, options: PoolOptions) {
		this.#open = open;
		this.#options = options;
	}

	/** No connection is open or being opened. */
	get isEmpty(): boolean {
		return this.#count === 0;
	}

	/** Somebody new asks: a refused sign-in may be tried again, but servers lock accounts that hammer. */
	forgiveRefusal(): void {
		const { atMs = Infinity } = this.#failure ?? {};
		if (Date.now() - atMs >= FAILED_OPENING_LAST_MS) this.#failure = undefined;
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
		if (this.#closed || session.expired) void session.close();
		else if (!session.ended) this.#offer(session);
		this.#grow();
		this.#tellEmpty();
	}

	/** Ends idle sessions at once and busy ones when they come back; nobody gets one any more. */
	async close(): Promise<void> {
		this.#closed = true;
		for (const waiter of this.#waiters.splice(0)) waiter.fail(new MailError('send.cancelled'));
		const idle = [...this.#idle.keys()];
		for (const session of idle) this.#leaveIdle(session);
		await Promise.all(idle.map(async (session) => await session.close()));
	}

	get #count(): number {
		return this.#busy.size + this.#idle.size + this.#opening;
	}

	/** The one that was used last: the others may end. */
	#takeIdle(): S | undefined {
		for (const session of [...this.#idle.keys()].reverse()) {
			this.#leaveIdle(session);
			if (session.ended) continue;
			if (session.expired) {
				void session.close();
				continue;
			}
			session.wake();
			this.#busy.add(session);
			return session;
		}
		return undefined;
	}

	#rest(session: S): void {
		const end = () => {
			this.#leaveIdle(session);
			void session.close();
			this.#tellEmpty();
		};
		this.#idle.set(session, setTimeout(end, this.#options.idleMs).unref());
		session.rest();
	}

	#leaveIdle(session: S): void {
		clearTimeout(this.#idle.get(session));
		this.#idle.delete(session);
	}

	#tellEmpty(): void {
		if (this.isEmpty) this.#options.onEmpty?.();
	}

	#offer(session: S): void {
		const waiter = this.#waiters.shift();
		if (waiter === undefined) {
			this.#rest(session);
		} else {
			this.#busy.add(session);
			waiter.give(session);
		}
	}

	#grow(): void {
		const { limit } = this.#options;
		if (this.#fewer !== undefined && Date.now() >= this.#fewer.untilMs) this.#fewer = undefined;
		const wanted = this.#proven ? Math.max(1, this.#fewer?.limit ?? limit) : 1;
		while (this.#waiters.length > this.#opening && this.#count < wanted) {
			this.#opening++;
			void this.#add();
		}
	}

	async #add(): Promise<void> {
		try {
			const session = await this.#open();
			this.#opening--;
			this.#proven = true;
			this.#failures = 0;
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
		if (this.#count > 0) {
			this.#fewer = { limit: this.#count, untilMs: Date.now() + FEWER_CONNECTIONS_MS };
			return;
		}
		this.#proven = false;
		const pauseMs = Math.min(
			FAILED_OPENING_FIRST_MS * 2 ** this.#failures++,
			FAILED_OPENING_LAST_MS,
		);
		const again = isMailError(error) && error.retryable;
		const atMs = Date.now();
		this.#failure = { error, atMs, untilMs: again ? atMs + pauseMs : Infinity };
		for (const waiter of this.#waiters.splice(0)) waiter.fail(error);
		this.#tellEmpty();
	}
}
