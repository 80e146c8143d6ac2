import type { Readable } from 'node:stream';
import { STORED_ATTACHMENT_BYTES } from '../../limits';
import type { AttachmentContent, PartText } from '../../message';
import type { BodyRequest } from '../../ports';
import { decodeText } from '../mime/charset';
import { type GraphAttachment, toInfo } from './attachment-row';

export interface ReadAttachments {
	readonly contents: readonly AttachmentContent[];
	readonly partTexts: readonly PartText[];
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
	return { contents, partTexts: await readPartTexts(attachments, want, open), warnings };
}

/** Of what Graph lists as attachments: it hides the parts that Exchange has read itself, such as delivery reports. */
async function readPartTexts(
	attachments: readonly GraphAttachment[],
	{ partTexts = [] }: BodyRequest,
	open: (attachment: GraphAttachment) => Promise<Readable>,
): Promise<PartText[]> {
	const read: PartText[] = [];
	for (const { attachment: wanted, maxBytes } of partTexts) {
		const attachment = attachments.find(({ part }) => part === wanted.part);
		if (attachment === undefined) continue;
		const beginning = await readBeginning(await open(attachment), maxBytes);
		const text = decodeText(beginning, '').text.replaceAll('\0', '');
		read.push({ part: attachment.part, text, truncated: beginning.length >= maxBytes });
	}
	return read;
}

async function readBeginning(stream: Readable, maxBytes: number): Promise<Buffer> {
	const pieces: Buffer[] = [];
	let length = 0;
	for await (const piece of stream) {
		pieces.push(piece as Buffer);
		length += (piece as Buffer).length;
		if (length >= maxBytes) break;
	}
	return Buffer.concat(pieces).subarray(0, maxBytes);
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
