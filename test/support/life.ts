import type { MailboxDriver, MailboxSession } from '../../mail/ports';

/** A promise of its own each time: what waits for one is held by it. */
async function never(): Promise<never> {
	return await new Promise<never>(() => undefined);
}

/**
 * One life of a process. Once it is over, nothing that the process does has an effect, and nothing is answered to it:
 * code cannot be stopped in the middle, but it can be left waiting for ever.
 */
export class Life {
	#steps = 0;
	#end = Infinity;

	get isOver(): boolean {
		return this.#steps >= this.#end;
	}

	/** Moments at which the process could have died, so far. */
	get steps(): number {
		return this.#steps;
	}

	/** Dies at the moment with this number. */
	endAt(step: number): void {
		this.#end = step;
	}

	/** Dies now. */
	end(): void {
		this.#end = Math.min(this.#end, this.#steps);
	}

	/** Something that outlives the process: it may die right before it and right after it. */
	async step<T>(work: () => Promise<T>): Promise<T> {
		if (this.isOver) return await never();
		this.#steps++;
		if (this.isOver) return await never();
		const result = await work();
		this.#steps++;
		if (this.isOver) return await never();
		return result;
	}

	/** Something that only a living process does. */
	async ask<T>(work: () => Promise<T>): Promise<T> {
		if (this.isOver) return await never();
		try {
			return await work();
		} finally {
			if (this.isOver) return await never();
		}
	}
}

/** The driver as one life of the process uses it: what it changes at the server are steps. */
export function inLife(driver: MailboxDriver, life: Life): MailboxDriver {
	return {
		abilities: driver.abilities,
		listFolders: async (signal) => await life.ask(() => driver.listFolders(signal)),
		openFolder: async (...args) =>
			sessionInLife(await life.ask(() => driver.openFolder(...args)), life),
	};
}

function sessionInLife(session: MailboxSession, life: Life): MailboxSession {
	return {
		folder: session.folder,
		signIn: session.signIn,
		lookEveryMs: session.lookEveryMs,
		toMemory: (isNeeded) => session.toMemory(isNeeded),
		serverId: (uid) => session.serverId(uid),
		search: async (query) => await life.ask(() => session.search(query)),
		fetchReceivedAt: async (uids) => await life.ask(() => session.fetchReceivedAt(uids)),
		fetchHeads: async (uids) => await life.ask(() => session.fetchHeads(uids)),
		fetchBodies: async (requests) => await life.ask(() => session.fetchBodies(requests)),
		fetchSource: async (uid, max) => await life.ask(() => session.fetchSource(uid, max)),
		openAttachment: async (head, attachment) =>
			await life.ask(() => session.openAttachment(head, attachment)),
		find: async (reference) => await life.ask(() => session.find(reference)),
		addFlags: async (uids, flags) => await life.step(() => session.addFlags(uids, flags)),
		removeFlags: async (uids, flags) => await life.step(() => session.removeFlags(uids, flags)),
		copy: async (uids, folder) => await life.step(() => session.copy(uids, folder)),
		move: async (uids, folder) => await life.step(() => session.move(uids, folder)),
		delete: async (uids) => await life.step(() => session.delete(uids)),
		waitForChange: async (ms, signal) => await life.ask(() => session.waitForChange(ms, signal)),
		close: async () => await session.close(),
	};
}
