import { toFileBytes } from '../../mail/attachment-size';
import { toExcerpt } from '../../mail/excerpt';
import type { AttachmentInfo } from '../../mail/message';
import { createAttachmentTypeMatcher } from '../../mail/routing/attachment-type';
import { createFileNameMatcher } from './file-name';

/** Which attachments are downloaded. */
export interface AttachmentChoice {
	/** `;` list of names with `*` for any characters; empty: all. */
	readonly fileNames: string;
	/** `;` list of extensions and MIME types; empty: all. */
	readonly fileTypes: string;
	readonly includeInline: boolean;
	readonly limitBytes: number;
	readonly totalBytes: number;
}

export interface ChosenAttachments {
	readonly attachments: readonly AttachmentInfo[];
	/** No attachment may turn out to be larger than this, in bytes, whatever the server has announced. */
	readonly limitBytes: number;
	/** One sentence for each that was wanted and is too large. */
	readonly warnings: readonly string[];
}

export type ChooseAttachments = (attachments: readonly AttachmentInfo[]) => ChosenAttachments;

/** Throws MailError `settings.invalid` for malformed lists. */
export function createAttachmentChooser(choice: AttachmentChoice): ChooseAttachments {
	const { fileNames, fileTypes, includeInline, limitBytes, totalBytes } = choice;
	const all = () => true;
	const isNamed =
		fileNames.trim() === '' ? all : createFileNameMatcher(fileNames, 'Options → File Names');
	const isOfType =
		fileTypes.trim() === '' ? all : createAttachmentTypeMatcher(fileTypes, 'Options → File Types');

	return (attachments) => {
		const warnings: string[] = [];
		let room = totalBytes;
		const chosen = attachments.filter((attachment) => {
			if (attachment.inline && !includeInline) return false;
			if (!isNamed(attachment) || !isOfType(attachment)) return false;
			const sizeBytes = toFileBytes(attachment.encodedSizeBytes);
			if (sizeBytes > limitBytes) {
				warnings.push(toTooLarge(attachment, limitBytes));
				return false;
			}
			if (sizeBytes > room) {
				warnings.push(`${toSubject(attachment)} was left out: all together are too large.`);
				return false;
			}
			room -= sizeBytes;
			return true;
		});
		return { attachments: chosen, limitBytes, warnings };
	};
}

export function toTooLarge(attachment: AttachmentInfo, limitBytes: number): string {
	const size = toMegabytes(toFileBytes(attachment.encodedSizeBytes));
	return `${toSubject(attachment)} was left out: it has about ${size}, the limit is ${toMegabytes(limitBytes)}.`;
}

function toSubject({ fileName, part }: AttachmentInfo): string {
	return fileName === ''
		? `The attachment in part ${part}`
		: `The attachment ${toExcerpt(fileName)}`;
}

function toMegabytes(bytes: number): string {
	const megabytes = bytes / (1024 * 1024);
	return `${megabytes >= 10 ? Math.round(megabytes) : Math.round(megabytes * 10) / 10} MB`;
}
