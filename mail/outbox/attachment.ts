import { Readable } from 'node:stream';
import { MailError } from '../errors';
import { toExcerpt } from '../excerpt';
import type { OutgoingAttachment } from '../outgoing';

/** Names longer than this are cut by file systems, and by some readers in the middle of a character. */
const FILE_NAME_CHARACTERS = 200;

/** RFC 6838, section 4.2. */
const MIME_TYPE = /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/i;

/** RFC 2392: a Content-ID has the form of a Message-ID; without `@` readers understand it as well. */
const CONTENT_ID = /^[\w!#$%&'*+/=?^`{|}~.@-]{1,200}$/;

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
