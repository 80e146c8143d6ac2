import { z } from 'zod';
import { MailError } from '../../errors';
import { SENT_REMOVAL_LOOKS_MS } from '../../limits';
import type { SendMailbox } from './send-mailbox';
import { sleep } from './sleep';
import { deleteForGood, findById } from './stored-message';

export const SENT_ITEMS = 'Sent Items';

const folderSchema = z.object({ id: z.string() });

/** Where a mailbox keeps what it has sent. */
export class SentItems {
	readonly #mailbox: SendMailbox;
	#folderId: string | undefined;

	constructor(mailbox: SendMailbox) {
		this.#mailbox = mailbox;
	}

	/** Takes a sent message out, for good. Throws MailError where it may still be there, or come there. */
	async remove(id: string): Promise<void> {
		this.#folderId ??= await this.#findFolder();
		for (const pauseMs of SENT_REMOVAL_LOOKS_MS) {
			await sleep(pauseMs, SENT_ITEMS, undefined);
			const stored = await findById(this.#mailbox, id);
			if (stored === undefined) return;
			// Before it is there it is still to leave the mailbox: taken away then, it might not.
			if (stored.parentFolderId === this.#folderId) return await deleteForGood(this.#mailbox, id);
		}
		throw new MailError('server.unavailable', { subject: 'it has not arrived there yet' });
	}

	async #findFolder(): Promise<string> {
		const { client } = this.#mailbox;
		const path = `${client.mailbox}/mailFolders/sentitems?$select=id`;
		return (await client.read({ method: 'GET', path, subject: SENT_ITEMS }, folderSchema)).id;
	}
}
