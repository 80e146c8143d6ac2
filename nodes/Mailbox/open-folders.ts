import { isMailError } from '../../mail/errors';
import type { MailboxDriver, MailboxSession } from '../../mail/ports';

/**
 * The connections of one execution: one per folder, opened with the first item that needs it and kept for the others.
 * What failed once is not tried again for each item: servers lock accounts that hammer.
 */
export class OpenFolders {
	readonly #driver: MailboxDriver;
	readonly #limit: number;
	readonly #signal: AbortSignal;
	readonly #sessions = new Map<string, Promise<MailboxSession>>();
	#accountFailure: unknown;

	/** @param limit connections at a time; with more folders the one opened first is closed */
	constructor(driver: MailboxDriver, limit: number, signal: AbortSignal) {
		this.#driver = driver;
		this.#limit = limit;
		this.#signal = signal;
	}

	/** Throws what the opening or the work throws; after a lost connection the next call opens another. */
	async use<T>(path: string, work: (session: MailboxSession) => Promise<T>): Promise<T> {
		const session = await this.#open(path);
		try {
			return await work(session);
		} catch (error) {
			if (isMailError(error) && error.code.startsWith('connection.')) {
				this.#sessions.delete(path);
				await session.close();
			}
			// eslint-disable-next-line @n8n/community-nodes/require-node-api-error -- becomes n8n's error in one place, in run.ts
			throw error;
		}
	}

	/** Never throws. */
	async close(): Promise<void> {
		const sessions = [...this.#sessions.values()];
		this.#sessions.clear();
		await Promise.all(sessions.map(closeOpened));
	}

	async #open(path: string): Promise<MailboxSession> {
		if (this.#accountFailure !== undefined) throw this.#accountFailure;
		const known = this.#sessions.get(path);
		if (known !== undefined) return await known;
		await this.#makeRoom();
		const opening = this.#driver.openFolder(path, this.#signal);
		this.#sessions.set(path, opening);
		try {
			return await opening;
		} catch (error) {
			// Another folder would fail for the same reason.
			const isOfFolder = isMailError(error) && error.code.startsWith('mailbox.');
			if (!isOfFolder) this.#accountFailure = error;
			// eslint-disable-next-line @n8n/community-nodes/require-node-api-error -- becomes n8n's error in one place, in run.ts
			throw error;
		}
	}

	async #makeRoom(): Promise<void> {
		const [oldest] = this.#sessions;
		if (oldest === undefined || this.#sessions.size < this.#limit) return;
		this.#sessions.delete(oldest[0]);
		await closeOpened(oldest[1]);
	}
}

async function closeOpened(opening: Promise<MailboxSession>): Promise<void> {
	const session = await opening.catch(() => undefined);
	await session?.close();
}
