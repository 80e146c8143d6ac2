import { BACKLOG_MESSAGES, SPOOLS_TOTAL_BYTES } from '../../limits';
import type { ListedMessage } from './listing';
import type { Snapshot } from './maildrop';
import { retrieveMessage, type RetrievedMessage } from './message';

/**
 * The mails that were retrieved last, so that head, body, attachments and source of one need one RETR. Bounded; what is
 * pushed out is retrieved again where it is still wanted.
 */
export class MessageShelf {
	readonly #messages = new Map<number, RetrievedMessage>();

	async take(snapshot: Snapshot, listed: ListedMessage): Promise<RetrievedMessage> {
		const known = this.#messages.get(listed.uid);
		if (known !== undefined) {
			this.#messages.delete(listed.uid);
			this.#messages.set(listed.uid, known);
			return known;
		}
		const message = await retrieveMessage(snapshot, listed);
		this.#messages.set(message.uid, message);
		await this.#makeRoom();
		return message;
	}

	/** Gives up all that is kept. Never throws. */
	async clear(): Promise<void> {
		const messages = [...this.#messages.values()];
		this.#messages.clear();
		for (const { spool } of messages) await spool.dispose();
	}

	/** The oldest go first; the newest stays, however large it is. */
	async #makeRoom(): Promise<void> {
		let bytes = [...this.#messages.values()].reduce((sum, { spool }) => sum + spool.sizeBytes, 0);
		for (const [uid, { spool }] of [...this.#messages].slice(0, -1)) {
			if (this.#messages.size <= BACKLOG_MESSAGES && bytes <= SPOOLS_TOTAL_BYTES) return;
			bytes -= spool.sizeBytes;
			this.#messages.delete(uid);
			await spool.dispose();
		}
	}
}
