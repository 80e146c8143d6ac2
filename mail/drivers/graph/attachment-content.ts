import type { Readable } from 'node:stream';
import { STORED_ATTACHMENT_BYTES } from '../../limits';
import type { AttachmentContent } from '../../message';
import type { BodyRequest } from '../../ports';
import { type GraphAttachment, toInfo } from './attachment-row';

export interface ReadAttachments {
	readonly contents: readonly AttachmentContent[];
	readonly warnings: readonly string[];
}

/** The attachments that are wanted, one after the other. */
export async function readAttachments(
	attachments: readonly GraphAttachment[],
	want: BodyRequest,
	open: (attachment: GraphAttachment) => Promise<Readable>,
): Promise<ReadAttachments> {
	const asked = new Set(want.attachments.map(({ part }) => part));
	const contents: AttachmentContent[] = [];
	const warnings: string[] = [];
	for (const attachment of attachments) {
		if (!asked.has(attachment.part)) continue;
		const content = await collect(await open(attachment));
		if (content === undefined) warnings.push('An attachment is larger than Graph said: left out.');
		else contents.push({ ...toInfo(attachment), content });
	}
	return { contents, warnings };
}

/** Undefined where it is larger than any content that is kept in memory. */
async function collect(stream: Readable): Promise<Buffer | undefined> {
	const pieces: Buffer[] = [];
	let length = 0;
	for await (const piece of stream) {
		pieces.push(piece as Buffer);
		length += (piece as Buffer).length;
		if (length > STORED_ATTACHMENT_BYTES) return undefined;
	}
	return Buffer.concat(pieces);
}
