import { pipeline } from 'node:stream/promises';
import { MailError } from '../errors';
import { toExcerpt } from '../excerpt';
import { COMPOSE_IN_MEMORY_BYTES } from '../limits';
import type { OutgoingAttachment, OutgoingMessage } from '../outgoing';
import type { DetachedFile, MessageRoom } from '../ports';
import { toAttachmentType, toFileName, toLateStream } from './attachment';
import { Spool, type SpooledBytes } from './spool';

/** The files of a message, written down and told apart. */
export interface SortedFiles {
	/** Fit into the message. */
	readonly kept: readonly OutgoingAttachment[];
	readonly detached: readonly DetachedFile[];
	/** Removes the temporary files of those that are kept: once the message is composed. */
	disposeKept(): Promise<void>;
	/** Removes all temporary files. */
	dispose(): Promise<void>;
}

/**
 * Reads each file once, since its size has to be known before it is sent, and decides which ones fit into the message.
 * Throws `message.tooLarge` for a file that is larger than the room allows, and what reading a file throws.
 */
export async function sortFiles(message: OutgoingMessage, room: MessageRoom): Promise<SortedFiles> {
	const spools: SpooledBytes[] = [];
	try {
		for (const attachment of message.attachments) {
			spools.push(await spoolFile(attachment, room.fileBytes, spools));
		}
	} catch (error) {
		await disposeAll(spools);
		throw error;
	}
	const files = message.attachments.map((attachment, index) => ({
		attachment,
		spool: spools[index] ?? missingSpool(),
	}));
	const fits = toFitting(
		files.map(({ attachment: { fileName, contentId }, spool: { sizeBytes } }) => ({
			name: toFileName(fileName),
			sizeBytes,
			isInline: contentId !== undefined,
		})),
		room.messageBytes - toOtherBytes(message),
	);
	const kept = files.filter((_file, index) => fits[index] === true);
	const detached = files.filter((_file, index) => fits[index] !== true);
	return {
		kept: kept.map(({ attachment, spool }) => ({
			...attachment,
			open: async () => await Promise.resolve(spool.open()),
		})),
		detached: detached.map(({ attachment, spool }) => toDetached(attachment, spool)),
		disposeKept: async () => await disposeAll(kept.map(({ spool }) => spool)),
		dispose: async () => await disposeAll(spools),
	};
}

interface FileSize {
	readonly name: string;
	readonly sizeBytes: number;
	readonly isInline: boolean;
}

/**
 * Which files stay in a message: all, or all but the largest ones that have to go so that the rest fits. Inline images
 * go last: readers show them best where they are parts of the message. Files of one name go together: where the answer
 * to one is lost, it is looked for by its name.
 *
 * @param roomBytes what the files may need together, encoded
 */
export function toFitting(files: readonly FileSize[], roomBytes: number): boolean[] {
	const gone = new Set<string>();
	const leaving = [...files].sort(
		(a, b) => Number(a.isInline) - Number(b.isInline) || b.sizeBytes - a.sizeBytes,
	);
	const stays = ({ name }: FileSize) => !gone.has(name);
	for (const { name } of leaving) {
		const needed = files.filter(stays).reduce((sum, file) => sum + toPartBytes(file.sizeBytes), 0);
		if (needed <= roomBytes) break;
		gone.add(name);
	}
	return files.map(stays);
}

/** Two names of 200 characters, each octet of them percent-encoded (RFC 2231), and the rest of a part's header. */
const PART_HEADER_BYTES = 8 * 1024;

/** Base64 in lines of 76 characters (RFC 2045, section 6.8). */
function toPartBytes(sizeBytes: number): number {
	return PART_HEADER_BYTES + Math.ceil(sizeBytes / 57) * 78;
}

/** Quoted-printable makes three octets of one (RFC 2045, section 6.7); so many, too, are all other headers at most. */
const ENCODING_FACTOR = 3;
const HEADERS_BYTES = 64 * 1024;
/** An address with a name, encoded (RFC 2047). */
const ADDRESS_BYTES = 1024;

/** What a message needs beside its files, at most. */
function toOtherBytes(message: OutgoingMessage): number {
	const { to, cc, bcc, replyTo, text = '', html = '', calendar, headers } = message;
	const addresses = to.length + cc.length + bcc.length + replyTo.length;
	// The calendar is in the message twice; a text is made where there is none but the HTML.
	const texts = [text || html, html, calendar?.content ?? '', calendar?.content ?? ''];
	const values = headers.map(({ name, value }) => name + value);
	const characters = [...texts, ...values].reduce((sum, part) => sum + Buffer.byteLength(part), 0);
	return HEADERS_BYTES + addresses * ADDRESS_BYTES + characters * ENCODING_FACTOR;
}

async function spoolFile(
	attachment: OutgoingAttachment,
	limitBytes: number,
	others: readonly SpooledBytes[],
): Promise<SpooledBytes> {
	const inMemory = others.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
	const spool = new Spool(Math.max(0, COMPOSE_IN_MEMORY_BYTES - inMemory), 'bytes');
	const limited = async function* (content: AsyncIterable<Buffer>) {
		for await (const chunk of content) {
			if (spool.sizeBytes + chunk.length > limitBytes) throw toTooLarge(attachment, limitBytes);
			yield chunk;
		}
	};
	await pipeline(toLateStream(attachment), limited, spool);
	return spool.result();
}

function toTooLarge({ fileName }: OutgoingAttachment, limitBytes: number): MailError {
	const limitMegabytes = Math.floor(limitBytes / 1024 / 1024);
	return new MailError('message.tooLarge', {
		subject: `the attachment ${toExcerpt(fileName)} is larger than ${limitMegabytes} MB`,
		remedy: 'Put the file where the recipients can download it, and send them the link.',
	});
}

function toDetached(
	{ fileName, mimeType, contentId }: OutgoingAttachment,
	{ sizeBytes, open }: SpooledBytes,
): DetachedFile {
	return {
		fileName: toFileName(fileName),
		mimeType: toAttachmentType(mimeType),
		contentId,
		sizeBytes,
		open,
	};
}

async function disposeAll(spools: readonly SpooledBytes[]): Promise<void> {
	await Promise.all(spools.map(async (spool) => await spool.dispose()));
}

function missingSpool(): never {
	throw new Error('A file was not written down');
}
