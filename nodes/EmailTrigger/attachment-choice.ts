import { toFileBytes } from '../../mail/attachment-size';
import {
	INLINE_ATTACHMENTS_TOTAL_BYTES,
	STORED_ATTACHMENT_BYTES,
	STORED_ATTACHMENTS_TOTAL_BYTES,
} from '../../mail/limits';
import type { AttachmentInfo, MessageHead } from '../../mail/message';
import { createAttachmentTypeMatcher } from '../../mail/routing/attachment-type';

/** Which attachments travel inside the item. */
export interface InlineChoice {
	readonly kind: 'files' | 'all' | 'none';
	/** `;` list of extensions and MIME types; empty: all. */
	readonly types: string;
	readonly limitBytes: number;
}

export interface AttachmentChoice extends InlineChoice {
	/** Whether those above the limit are put into n8n's store. */
	readonly storesLarge: boolean;
}

/** How large one attachment, and all of a mail together, may be; in bytes. */
interface Room {
	readonly eachBytes: number;
	readonly totalBytes: number;
}

/**
 * Chooses from the metadata, before anything is downloaded: those of the wanted kind and type, none above the limit,
 * in the order of the mail until `INLINE_ATTACHMENTS_TOTAL_BYTES` is reached. Throws MailError `settings.invalid` for
 * a malformed list of types.
 */
export function createAttachmentChooser(choice: InlineChoice) {
	const isWanted = createFilter(choice);
	const room = { eachBytes: choice.limitBytes, totalBytes: INLINE_ATTACHMENTS_TOTAL_BYTES };
	return (head: MessageHead): AttachmentInfo[] => fill(head.attachments.filter(isWanted), room);
}

/** Those that `createAttachmentChooser` leaves out for their size alone, up to what n8n is asked to store. */
export function createLargeAttachmentChooser(choice: InlineChoice) {
	const isWanted = createFilter(choice);
	const chooseSmall = createAttachmentChooser(choice);
	const room = {
		eachBytes: STORED_ATTACHMENT_BYTES,
		totalBytes: STORED_ATTACHMENTS_TOTAL_BYTES,
	};
	return (head: MessageHead): AttachmentInfo[] => {
		const small = new Set(chooseSmall(head));
		const large = head.attachments.filter((each) => isWanted(each) && !small.has(each));
		return fill(large, room);
	};
}

function createFilter({ kind, types }: InlineChoice): (attachment: AttachmentInfo) => boolean {
	const isOfType =
		types.trim() === ''
			? () => true
			: createAttachmentTypeMatcher(types, 'Options → Attachment Types');
	return (attachment) => {
		if (kind === 'none' || (kind === 'files' && attachment.inline)) return false;
		return isOfType(attachment);
	};
}

function fill(attachments: readonly AttachmentInfo[], room: Room): AttachmentInfo[] {
	let leftBytes = room.totalBytes;
	return attachments.filter(({ encodedSizeBytes }) => {
		const sizeBytes = toFileBytes(encodedSizeBytes);
		if (sizeBytes > room.eachBytes || sizeBytes > leftBytes) return false;
		leftBytes -= sizeBytes;
		return true;
	});
}
