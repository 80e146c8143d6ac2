import { createHash } from 'node:crypto';
import type { Message } from './message';

interface AttachmentBase {
	readonly id: string;
	readonly name: string;
	readonly contentType: string;
	readonly isInline: boolean;
	readonly lastModifiedMs: number;
}

export interface FileAttachment extends AttachmentBase {
	readonly kind: 'file';
	readonly content: AttachmentBytes;
	readonly contentId: string | undefined;
	readonly contentLocation: string | undefined;
}

/** A message in a message. Its MIME form is what `$value` gives. */
export interface ItemAttachment extends AttachmentBase {
	readonly kind: 'item';
	readonly item: Message;
}

/** A link to a file in the cloud: there are no bytes. */
export interface ReferenceAttachment extends AttachmentBase {
	readonly kind: 'reference';
	readonly sourceUrl: string;
}

export type Attachment = FileAttachment | ItemAttachment | ReferenceAttachment;

/** The mailbox gives the id. */
export type NewAttachment =
	Omit<FileAttachment, 'id'> | Omit<ItemAttachment, 'id'> | Omit<ReferenceAttachment, 'id'>;

/** Bytes, or of very large files only their size and sum where a test wants to measure its own memory. */
export interface AttachmentBytes {
	readonly sizeBytes: number;
	/** 64 lower-case hex digits. */
	readonly sha256: string;
	/** Throws where only the sum was kept. */
	read(): Buffer;
}

export function keptBytes(bytes: Buffer): AttachmentBytes {
	return {
		sizeBytes: bytes.length,
		get sha256() {
			return createHash('sha256').update(bytes).digest('hex');
		},
		read: () => bytes,
	};
}

export function summedBytes(sizeBytes: number, sha256: string): AttachmentBytes {
	return {
		sizeBytes,
		sha256,
		read: () => {
			throw new Error('The tenant was told to keep only the sum of uploaded files.');
		},
	};
}

export function sizeOf(attachment: Attachment): number {
	return attachment.kind === 'file' ? attachment.content.sizeBytes : 0;
}
