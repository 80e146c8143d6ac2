import { Readable } from 'node:stream';
import { MailError } from '../../errors';
import { BODY_CHARACTERS } from '../../limits';
import type { AttachmentInfo, MessageBody } from '../../message';
import type { BodyRequest } from '../../ports';
import { toMessageBody } from '../mime/body';
import type { ByteRange } from '../mime/part-scanner';
import { toBeginnings } from '../mime/part-text';
import { createTransferDecoder } from '../mime/transfer-stream';
import type { RetrievedMessage } from './message';

/** A character takes at most four bytes, and each of them three characters when it is encoded. */
const TEXT_BYTES = 4 * BODY_CHARACTERS;

/** The readable content of a mail. Throws `limit.exceeded` where only its beginning was taken. */
export async function readBody(message: RetrievedMessage, want: BodyRequest): Promise<MessageBody> {
	requireWhole(message);
	const { content, ranges, spool } = message;
	const asked = new Set(want.attachments.map(({ part }) => part));
	const bytes = new Map<string, Buffer>();
	const read = async (part: string, limitBytes: number) => {
		const range = ranges.get(part);
		if (range === undefined) return;
		const end = Math.min(range.end, range.start + limitBytes);
		bytes.set(part, await spool.read({ start: range.start, end }));
	};
	for (const block of want.text === false ? [] : content.blocks) {
		for (const { part } of [...block.text, ...block.html]) await read(part, TEXT_BYTES);
	}
	for (const { part, fetchPart } of content.attachments) {
		if (asked.has(part)) await read(fetchPart, Infinity);
	}
	for (const { attachment, limitBytes } of toBeginnings(content, want.partTexts ?? [])) {
		if (!asked.has(attachment.part)) await read(attachment.fetchPart, limitBytes);
	}
	return toMessageBody(content, want, bytes);
}

/** The decoded content of an attachment. Throws `limit.exceeded`, and `message.missing` where the mail has none such. */
export function openAttachment(message: RetrievedMessage, { part }: AttachmentInfo): Readable {
	requireWhole(message);
	const attachment = message.content.attachments.find((found) => found.part === part);
	const range = attachment === undefined ? undefined : message.ranges.get(attachment.fetchPart);
	if (attachment === undefined || range === undefined) {
		throw new MailError('message.missing', { subject: `UID ${message.uid}, part ${part}` });
	}
	const release = message.spool.hold();
	const content = decode(message, range, attachment.encoding);
	return Readable.from(content, { objectMode: false }).once('close', release);
}

async function* decode(
	{ spool }: RetrievedMessage,
	range: ByteRange,
	encoding: string,
): AsyncGenerator<Buffer> {
	const decoder = createTransferDecoder(encoding);
	for await (const piece of spool.pieces(range)) {
		const decoded = decoder.write(piece);
		if (decoded.length > 0) yield decoded;
	}
	const rest = decoder.end();
	if (rest.length > 0) yield rest;
}

function requireWhole({ isCut, uid, sizeBytes }: RetrievedMessage): void {
	if (!isCut) return;
	const megabytes = Math.round(sizeBytes / (1024 * 1024));
	throw new MailError('limit.exceeded', {
		subject: `UID ${uid}, ${megabytes} MB: POP3 gives only whole e-mails`,
		remedy: 'Read the e-mail in the mailbox, or use IMAP, which gives its parts one by one.',
	});
}
