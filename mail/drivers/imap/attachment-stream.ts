import { Readable } from 'node:stream';
import type { ImapFlow } from 'imapflow';
import { MailError } from '../../errors';
import type { AttachmentInfo, MessageHead } from '../../message';
import type { AttachmentPart } from '../mime/structure';
import { createTransferDecoder } from '../mime/transfer-stream';
import type { KnownContent } from './fetch-heads';
import { fetchPartPiece } from './fetch-parts';
import { findContents } from './find-content';
import type { Lifeline } from './lifeline';

/**
 * Measured with 50 MB: pieces of 256 kB let the memory grow by 28 MB, of 1 MB by 68 MB, because V8 collects larger
 * buffers later. In bytes.
 */
const PIECE_BYTES = 256 * 1024;

/**
 * See `MailboxSession.openAttachment`. A piece is fetched when the reader has taken the one before. Rejects with
 * `message.missing` where there is nothing to read; whatever happens later is an error of the stream.
 */
export async function openAttachment(
	lifeline: Lifeline,
	head: MessageHead,
	attachment: AttachmentInfo,
	known: KnownContent,
): Promise<Readable> {
	const subject = `part ${attachment.part} of UID ${head.uid}`;
	const part = await lifeline.run(
		subject,
		async (client) => await findPart(client, head, attachment, known, subject),
	);
	const fetchPiece = async (start: number): Promise<Buffer> =>
		await lifeline.run(
			subject,
			async (client) => await fetchPartPiece(client, head.uid, part.fetchPart, start, PIECE_BYTES),
		);
	const pieces = readPieces(part, fetchPiece, await fetchPiece(0));
	return Readable.from(pieces, { objectMode: false });
}

async function findPart(
	client: ImapFlow,
	head: MessageHead,
	{ part }: AttachmentInfo,
	known: KnownContent,
	subject: string,
): Promise<AttachmentPart> {
	const content = (await findContents(client, [head], known)).get(head);
	if (content instanceof MailError) throw content;
	const found = content?.attachments.find((attachment) => attachment.part === part);
	if (found === undefined) throw new MailError('message.missing', { subject });
	return found;
}

async function* readPieces(
	{ encoding, encodedSizeBytes }: AttachmentPart,
	fetchPiece: (start: number) => Promise<Buffer>,
	first: Buffer,
): AsyncGenerator<Buffer, void> {
	const decoder = createTransferDecoder(encoding);
	let piece = first;
	let length = 0;
	while (piece.length > 0) {
		length += piece.length;
		const decoded = decoder.write(piece);
		if (decoded.length > 0) yield decoded;
		// Neither the announced size nor a short piece alone ends it: servers err in both.
		if (piece.length < PIECE_BYTES && length >= encodedSizeBytes) break;
		piece = await fetchPiece(length);
	}
	const rest = decoder.end();
	if (rest.length > 0) yield rest;
}
