import { isMailError, type MailError } from '../errors';
import { RETRY_PAUSES_MS } from '../limits';
import type { Log, MailboxSession } from '../ports';
import type { AfterProcessing } from './delivery';

const SEEN = '\\Seen';
const FLAGGED = '\\Flagged';

/** Does at the server what is to be done after processing. New mail never waits for a mark that is refused. */
export class Marker {
	#refusals = 0;
	#retryAt = 0;

	constructor(
		private readonly session: MailboxSession,
		private readonly afterProcessing: AfterProcessing,
		private readonly log: Log,
	) {}

	/** When a mark that the server has refused is to be tried again, ms since 1970; in the past where none is. */
	get retryAt(): number {
		return this.#retryAt;
	}

	/**
	 * Returns false where it is to be tried again at `retryAt`. A mark that is refused for good counts as done. Throws
	 * where the connection cannot go on.
	 *
	 * @param now ms since 1970
	 */
	async mark(uids: readonly number[], now: number): Promise<boolean> {
		if (uids.length === 0) return true;
		if (now < this.#retryAt) return false;
		try {
			await this.#mark(uids);
			this.#refusals = 0;
			return true;
		} catch (error) {
			if (!isMailError(error) || endsConnection(error)) throw error;
			this.log.warn(`${error.message}. ${error.remedy}`);
			const pauseMs = isForGood(error) ? undefined : RETRY_PAUSES_MS[this.#refusals++];
			if (pauseMs !== undefined) this.#retryAt = now + pauseMs;
			else this.#refusals = 0;
			return pauseMs === undefined;
		}
	}

	async #mark(uids: readonly number[]): Promise<void> {
		const { session, afterProcessing } = this;
		switch (afterProcessing.kind) {
			case 'nothing':
				return;
			case 'markRead':
				return await session.addFlags(uids, [SEEN]);
			case 'flag':
				return await session.addFlags(uids, [FLAGGED]);
			case 'keyword':
				return await session.addFlags(uids, [afterProcessing.keyword]);
			case 'move':
				return await session.move(uids, afterProcessing.folder);
			case 'delete':
				return await session.delete(uids);
		}
	}
}

function endsConnection({ code }: MailError): boolean {
	return (
		code.startsWith('connection.') ||
		code === 'server.throttled' ||
		code === 'server.tooManyConnections'
	);
}

/** Trying again would not help. */
function isForGood({ code }: MailError): boolean {
	return (
		code === 'mailbox.readOnly' ||
		code === 'mailbox.missing' ||
		code === 'settings.invalid' ||
		code === 'server.protocol'
	);
}

/** Whether a mail bears the mark of an earlier process that died before it could note the end. */
export function bearsMark(flags: readonly string[], afterProcessing: AfterProcessing): boolean {
	const has = (wanted: string) => flags.some((flag) => flag.toLowerCase() === wanted.toLowerCase());
	switch (afterProcessing.kind) {
		case 'markRead':
			return has(SEEN);
		case 'flag':
			return has(FLAGGED);
		case 'keyword':
			return has(afterProcessing.keyword);
		case 'nothing':
		case 'move':
		case 'delete':
			return false;
	}
}
