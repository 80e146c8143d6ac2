import type { Socket } from 'node:net';
import type { ImapFlow } from 'imapflow';
import type { Connector } from '../../connector';
import type { Log } from '../../ports';
import { isConnectionFailure, toImapError } from './error';
import type { Lifeline } from './lifeline';
import { signIn } from './sign-in';
import { findSpecialFolder, type SpecialFolder } from './special-folder';
import { uploadTiming, type Timing } from './timing';

interface Opened {
	readonly lifeline: Lifeline;
	readonly path: string;
}

/**
 * A connection for work in one special folder of an account. The first piece of work opens it, later ones use it; a
 * connection that was lost is opened again with the next piece, one that could not be opened is not: a refused sign-in
 * must not be repeated for every message. Work that was interrupted is not repeated: it may be done.
 */
export class SpecialFolderConnection {
	readonly #subject: string;
	#opening: Promise<Opened> | undefined;
	/** One piece of work after the other: the literals of two messages must not mix. */
	#last: Promise<unknown> = Promise.resolve();

	constructor(
		private readonly connector: Connector,
		private readonly folder: SpecialFolder,
		private readonly log: Log,
		private readonly timing: Timing = uploadTiming,
	) {
		this.#subject = `${folder.newName} folder`;
	}

	/** Throws MailError. */
	async use<T>(work: (client: ImapFlow, path: string, socket: Socket) => Promise<T>): Promise<T> {
		const turn = this.#last.then(async () => await this.#run(work));
		this.#last = turn.catch(() => undefined);
		return await turn;
	}

	/** Never throws. */
	async close(): Promise<void> {
		const opened = await this.#opening?.catch(() => undefined);
		this.#opening = undefined;
		await opened?.lifeline.close();
	}

	async #run<T>(work: (client: ImapFlow, path: string, socket: Socket) => Promise<T>): Promise<T> {
		this.#opening ??= this.#open();
		let hasOpened = false;
		try {
			const { lifeline, path } = await this.#opening;
			hasOpened = true;
			return await lifeline.run(
				`folder "${path}"`,
				async (client) => await work(client, path, lifeline.socket),
			);
		} catch (error) {
			const translated = toImapError(error, this.#subject);
			if (hasOpened && isConnectionFailure(translated)) this.#opening = undefined;
			throw translated;
		}
	}

	async #open(): Promise<Opened> {
		const lifeline = await signIn(this.connector, this.timing);
		try {
			const path = await lifeline.run(
				this.#subject,
				async (client) => await findSpecialFolder(client, this.folder),
			);
			this.log.debug(`The ${this.#subject} of ${this.connector.name} is "${path}"`);
			return { lifeline, path };
		} catch (error) {
			await lifeline.close();
			throw error;
		}
	}
}
