import type { Readable } from 'node:stream';
import { isMailError } from '../errors';
import type { AttachmentInfo, MessageHead } from '../message';
import type { MailboxSession } from '../ports';
import type { StoredAttachment } from './delivery';

/** Where the host keeps attachments that are too large for the item. */
export interface AttachmentStore {
	/** From the metadata, before anything is downloaded. */
	choose(head: MessageHead): readonly AttachmentInfo[];
	/** Reads the stream to its end. Returns where the host has put it. */
	keep(content: Readable, attachment: AttachmentInfo): Promise<unknown>;
}

/**
 * Streams the chosen attachments into the host's store, one after the other. One that cannot be stored stays on the
 * server, and a warning says so; only a failed connection is thrown.
 */
export async function storeAttachments(
	session: MailboxSession,
	head: MessageHead,
	store: AttachmentStore,
): Promise<{ readonly stored: StoredAttachment[]; readonly warnings: string[] }> {
	const stored: StoredAttachment[] = [];
	const warnings: string[] = [];
	for (const attachment of store.choose(head)) {
		const content = await session.openAttachment(head, attachment);
		try {
			stored.push({ attachment, place: await store.keep(content, attachment) });
		} catch (error) {
			if (isMailError(error) && error.code.startsWith('connection.')) throw error;
			warnings.push(`The attachment "${attachment.fileName}" could not be stored.`);
		} finally {
			// The session is busy as long as the stream lives.
			content.destroy();
		}
	}
	return { stored, warnings };
}
