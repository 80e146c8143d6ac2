import { Readable } from 'node:stream';
import { MailError } from '../errors';
import { toExcerpt } from '../excerpt';
import { HEADER_LINE_CHARACTERS } from '../limits';
import type { OutgoingAttachment } from '../outgoing';

/** Names longer than this are cut by file systems, and by some readers in the middle of a character. */
const FILE_NAME_CHARACTERS = 200;

/** RFC 6838, section 4.2. */
const MIME_TYPE = /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/i;

/** RFC 2392: a Content-ID has the form of a Message-ID; without `@` readers understand it as well. */
const CONTENT_ID = /^[\w!#$%&'*+/=?^`{|}~.@-]{1,200}$/;

const CR = 0x0d;
const LF = 0x0a;

const UNKNOWN_TYPE = 'application/octet-stream';

/**
 * The last segment of a path, without characters that hide or break a name: control characters, and those
 * that turn the direction of writing (`invoice\u202Efdp.exe` is shown as `invoiceexe.pdf`).
 */
export function toFileName(name: string): string {
	const segment = name.split(/[/\\]/).at(-1) ?? '';
	const clean = segment
		.replace(/[\p{Cc}\p{Cs}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
		.trim();
	return clean === '' || /^\.+$/.test(clean) ? 'attachment' : toShort(clean);
}

/** A file as the composer takes it. */
export interface FilePart {
	readonly filename: string;
	readonly contentType: string;
	readonly contentTransferEncoding: 'base64' | '7bit';
	readonly contentDisposition: 'attachment' | 'inline';
	readonly cid?: string;
	readonly content: Readable;
}

/** Reads nothing but mails, see `OutgoingAttachment.isMail`. Throws `message.invalid` for one that cannot be read. */
export async function toFilePart(attachment: OutgoingAttachment): Promise<FilePart> {
	const isMail = attachment.isMail === true && (await isSevenBit(toLateStream(attachment)));
	return {
		filename: toFileName(attachment.fileName),
		contentType: isMail ? 'message/rfc822' : toAttachmentType(attachment.mimeType),
		contentTransferEncoding: isMail ? '7bit' : 'base64',
		contentDisposition: attachment.contentId === undefined ? 'attachment' : 'inline',
		cid: attachment.contentId,
		content: toLateStream(attachment),
	};
}

/** Bodies that MIME gives a meaning of its own cannot be sent as a file (RFC 2046, section 5). */
export function toAttachmentType(mimeType: string): string {
	const type = mimeType.split(';')[0]?.trim().toLowerCase() ?? '';
	return MIME_TYPE.test(type) && !/^(multipart|message)\//.test(type) ? type : UNKNOWN_TYPE;
}

/** Throws `message.invalid` for Content-IDs that no HTML can refer to, or that are used twice. */
export function checkContentIds(attachments: readonly OutgoingAttachment[]): void {
	const seen = new Set<string>();
	for (const { contentId } of attachments) {
		if (contentId === undefined) continue;
		if (!CONTENT_ID.test(contentId)) {
			throw new MailError('message.invalid', {
				subject: `Content-ID ${toExcerpt(contentId)}`,
				remedy: 'Use letters and digits, such as logo, and write cid:logo in the HTML.',
			});
		}
		if (seen.has(contentId)) {
			throw new MailError('message.invalid', {
				subject: `Content-ID ${toExcerpt(contentId)} is used twice`,
				remedy: 'Give each inline image a Content-ID of its own.',
			});
		}
		seen.add(contentId);
	}
}

/**
 * Whether the content may go out as it is: ASCII, CRLF line ends, lines of at most 998 octets (RFC 2045, section 2.7). A mail
 * must not be encoded again (RFC 2046, section 5.2.1), and not every server takes 8 bits.
 */
async function isSevenBit(content: Readable): Promise<boolean> {
	let length = 0;
	let hasReturn = false;
	for await (const chunk of content as AsyncIterable<Buffer>) {
		for (const octet of chunk) {
			const isEnd = octet === LF;
			if (octet === 0 || octet > 0x7f || isEnd !== hasReturn) return false;
			hasReturn = octet === CR;
			length = isEnd ? 0 : length + 1;
			if (length > HEADER_LINE_CHARACTERS + 1) return false;
		}
	}
	return !hasReturn;
}

/** Opened with the first read: a message of fifty files does not hold fifty files open. */
export function toLateStream(attachment: OutgoingAttachment): Readable {
	return Readable.from(readAttachment(attachment), { objectMode: false });
}

async function* readAttachment(attachment: OutgoingAttachment): AsyncGenerator<Buffer> {
	let sizeBytes = 0;
	try {
		const content = await attachment.open();
		for await (const chunk of content.iterator() as AsyncIterableIterator<Buffer>) {
			sizeBytes += chunk.length;
			yield chunk;
		}
	} catch (cause) {
		throw new MailError('message.invalid', {
			subject: `the attachment ${toExcerpt(attachment.fileName)} could not be read`,
			remedy: 'Check that the file is still there: its execution may have been deleted.',
			cause,
		});
	}
	// Legal, but never meant: a file that was not written yet, or a download that brought nothing.
	if (sizeBytes === 0) {
		throw new MailError('message.invalid', {
			subject: `the attachment ${toExcerpt(attachment.fileName)} is empty`,
			remedy: 'Check the node that made the file, or leave the attachment out.',
		});
	}
}

/** Cut before the extension, which decides how the file is opened. */
function toShort(name: string): string {
	const characters = [...name];
	if (characters.length <= FILE_NAME_CHARACTERS) return name;
	const extension = [...(/\.[^.]{1,20}$/.exec(name)?.[0] ?? '')];
	return [...characters.slice(0, FILE_NAME_CHARACTERS - extension.length), ...extension].join('');
}
