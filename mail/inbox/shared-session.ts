import { isMailError } from '../errors';
import { SAFETY_POLL_MS } from '../limits';
import type { MailboxSession, MessageQuery } from '../ports';

/** One who uses a shared session. */
export interface Member {
	/** The server has announced something in the folder. */
	announce(): void;
	/** The connection is gone. */
	fail(error: unknown): void;
}

/**
 * One connection with one open folder, used by several: their commands run one after the other, and between commands
 * the server is listened to on behalf of all.
 */
export class SharedSession {
	/** Somebody has used it: what the server told at the opening may be outdated. */
	isUsed = false;
	/** Above every UID that was found so far; a mail that has gone since does not lower it. */
	uidNext: number;
	readonly #members = new Set<Member>();
	#queue: Promise<void> = Promise.resolve();
	#pending = 0;
	#listening: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;
	#failure: { readonly error: unknown } | undefined;

	/** @param onEnd called once, when the connection is of no more use */
	constructor(
		readonly session: MailboxSession,
		private readonly onEnd: () => void,
	) {
		this.uidNext = session.folder.uidNext;
	}

	join(member: Member): void {
		this.#members.add(member);
	}

	/** The last one to leave closes the connection. */
	async leave(member: Member): Promise<void> {
		if (!this.#members.delete(member) || this.#members.size > 0) return;
		this.onEnd();
		await this.session.close();
	}

	/** Nobody has joined it. */
	async closeIfUnused(): Promise<void> {
		if (this.#members.size > 0) return;
		this.onEnd();
		await this.session.close();
	}

	/** In its turn. */
	async search(query: MessageQuery): Promise<number[]> {
		const uids = await this.run(async (session) => await session.search(query));
		this.uidNext = Math.max(this.uidNext, (uids.at(-1) ?? 0) + 1);
		return uids;
	}

	/** Waits for its turn, then runs a command. */
	async run<Result>(command: (session: MailboxSession) => Promise<Result>): Promise<Result> {
		const turn = await this.takeTurn();
		try {
			return await command(this.session);
		} catch (error) {
			if (isMailError(error) && error.code.startsWith('connection.')) this.#fail(error);
			throw error;
		} finally {
			turn.end();
		}
	}

	/** For commands that go on after they have resolved: the others wait until `end`. */
	async takeTurn(): Promise<{ end: () => void }> {
		this.#pending++;
		let end: () => void = () => undefined;
		const before = this.#queue;
		this.#queue = new Promise((resolve) => {
			end = () => {
				this.#pending--;
				resolve();
				this.#listen();
			};
		});
		this.#listening?.stop.abort();
		await before;
		await this.#listening?.done;
		if (this.#failure !== undefined) {
			end();
			throw this.#failure.error;
		}
		return { end };
	}

	/** Somebody waits for news. Throws when the connection is gone. */
	expectNews(): void {
		if (this.#failure !== undefined) throw this.#failure.error;
		this.#listen();
	}

	#listen(): void {
		if (this.#pending > 0 || this.#listening !== undefined || this.#members.size === 0) return;
		if (this.#failure !== undefined) return;
		const stop = new AbortController();
		this.#listening = { stop, done: this.#hear(stop.signal) };
	}

	async #hear(stop: AbortSignal): Promise<void> {
		try {
			const news = await this.session.waitForChange(SAFETY_POLL_MS, stop);
			if (news === 'changed') for (const member of this.#members) member.announce();
		} catch (error) {
			this.#fail(error);
		}
		this.#listening = undefined;
		this.#listen();
	}

	#fail(error: unknown): void {
		if (this.#failure !== undefined) return;
		this.#failure = { error };
		this.onEnd();
		for (const member of this.#members) member.fail(error);
	}
}
