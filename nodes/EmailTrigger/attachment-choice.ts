import { toFileBytes } from '../../mail/attachment-size';
import { INLINE_ATTACHMENTS_TOTAL_BYTES } from '../../mail/limits';
import type { AttachmentInfo, MessageHead } from '../../mail/message';
import { createAttachmentTypeMatcher } from '../../mail/routing/attachment-type';

/** Which attachments travel inside the item. */
export interface AttachmentChoice {
	readonly kind: 'files' | 'all' | 'none';
	/** `;` list of extensions and MIME types; empty: all. */
	readonly types: string;
	readonly limitBytes: number;
}

/**
 * Chooses from the metadata, before anything is downloaded: those of the wanted kind and type, none above the limit,
 * in the order of the mail until `INLINE_ATTACHMENTS_TOTAL_BYTES` is reached. Throws MailError `settings.invalid` for
 * a malformed list of types.
 */
export function createAttachmentChooser(choice: AttachmentChoice) {
	const isOfType =
		choice.types.trim() === ''
			? () => true
			: createAttachmentTypeMatcher(choice.types, 'Options → Attachment Types');

	return function chooseAttachments(head: MessageHead): AttachmentInfo[] {
		if (choice.kind === 'none') return [];
		let room = INLINE_ATTACHMENTS_TOTAL_BYTES;
		return head.attachments.filter((attachment) => {
			if (choice.kind === 'files' && attachment.inline) return false;
			const sizeBytes = toFileBytes(attachment.encodedSizeBytes);
			if (sizeBytes > choice.limitBytes || sizeBytes > room || !isOfType(attachment)) return false;
			room -= sizeBytes;
			return true;
		});
	};
}
