import { createHash, randomBytes } from 'node:crypto';
import { keptBytes, summedBytes, type AttachmentBytes } from './attachment';
import type { Mailbox } from './mailbox';
import type { Message } from './message';

/** https://learn.microsoft.com/graph/outlook-large-attachments: "up to 4 MB" each. */
export const MAX_SLICE_BYTES = 4 * 1024 * 1024;

export interface UploadTarget {
	readonly mailbox: Mailbox;
	readonly message: Message;
	readonly name: string;
	readonly contentType: string;
	readonly isInline: boolean;
	readonly contentId: string | undefined;
	readonly sizeBytes: number;
}

/** One large file on its way, slice by slice and in order. */
export class UploadSession {
	readonly secret = randomBytes(24).toString('base64url');
	receivedBytes = 0;
	slices = 0;
	private readonly chunks: Buffer[] = [];
	private readonly sum = createHash('sha256');

	constructor(
		readonly target: UploadTarget,
		readonly expiresAtMs: number,
		private readonly keepsContent: boolean,
	) {}

	get isComplete(): boolean {
		return this.receivedBytes === this.target.sizeBytes;
	}

	add(slice: Buffer): void {
		this.slices++;
		this.receivedBytes += slice.length;
		if (this.keepsContent) this.chunks.push(slice);
		else this.sum.update(slice);
	}

	content(): AttachmentBytes {
		return this.keepsContent
			? keptBytes(Buffer.concat(this.chunks))
			: summedBytes(this.receivedBytes, this.sum.digest('hex'));
	}
}
