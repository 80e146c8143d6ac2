import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import { foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import { parseAddress } from '../address';
import { COMPOSE_IN_MEMORY_BYTES, RECIPIENTS_PER_MESSAGE } from '../limits';
import { MailError } from '../errors';
import type { Address } from '../message';
import type { OutgoingMessage } from '../outgoing';
import type { ComposedMessage, MessageCopy } from '../ports';
import { checkContentIds, toAttachmentType, toFileName, toLateStream } from './attachment';
import { toCompleteBody } from './body';
import { checkCustomHeader, checkHeaderText, type CustomHeader } from './custom-header';
import { toImportanceHeaders } from './importance';
import { createMessageId } from './message-id';
import { spool, type SpooledBytes } from './spool';
import { toThreadHeaders } from './thread';

/**
 * Checks a message and writes it once. Small ones stay in memory, larger ones go to a temporary file, which
 * `dispose` removes; attachments are streamed through. Throws `message.invalid` and `limit.exceeded`.
 */
export async function composeMessage(message: OutgoingMessage): Promise<ComposedMessage> {
	const addresses = toCheckedAddresses(message);
	checkHeaderText('Subject', message.subject);
	message.headers.forEach(checkCustomHeader);
	checkContentIds(message.attachments);

	const messageId = createMessageId(addresses.from.address, message.identityKey);
	const node = toMimeNode(message, addresses, messageId);
	const { to } = node.getEnvelope();
	const bytes = await spool(node.createReadStream(), COMPOSE_IN_MEMORY_BYTES);
	return {
		...bytes,
		messageId,
		envelope: { from: toEnvelopeSender(node), to, deliveryReport: message.deliveryReport },
		needsSmtpUtf8: hasInternationalUser(addresses),
		copy: toCopy(bytes, toBccHeader(addresses.bcc)),
	};
}

interface Addresses {
	readonly from: Address;
	readonly to: readonly Address[];
	readonly cc: readonly Address[];
	readonly bcc: readonly Address[];
	readonly replyTo: readonly Address[];
}

/** The composer writes a domain as A-labels, unless the part before the @ goes beyond ASCII as well. */
function hasInternationalUser({ from, to, cc, bcc, replyTo }: Addresses): boolean {
	return [from, ...to, ...cc, ...bcc, ...replyTo].some(({ address }) =>
		/[^\u0000-\u007f]/.test(address.slice(0, address.lastIndexOf('@'))),
	);
}

/** Read again, whoever built the message: whatever comes out of here holds no second address and no header. */
function toCheckedAddresses(message: OutgoingMessage): Addresses {
	const all = (list: readonly Address[], field: string) =>
		list.map((address) => parseAddress(address, field));
	const addresses = {
		from: parseAddress(message.from, 'From'),
		to: all(message.to, 'To'),
		cc: all(message.cc, 'Cc'),
		bcc: all(message.bcc, 'Bcc'),
		replyTo: all(message.replyTo, 'Reply-To'),
	};
	const recipients = addresses.to.length + addresses.cc.length + addresses.bcc.length;
	if (recipients === 0) {
		throw new MailError('message.invalid', {
			subject: 'it has no recipient',
			remedy: 'Fill in To, Cc or Bcc.',
		});
	}
	if (recipients > RECIPIENTS_PER_MESSAGE) {
		throw new MailError('limit.exceeded', {
			subject: `${recipients} recipients, at most ${RECIPIENTS_PER_MESSAGE} are sent to at once`,
			remedy: 'Split the recipients over several e-mails.',
		});
	}
	return addresses;
}

function toMimeNode(message: OutgoingMessage, addresses: Addresses, messageId: string): MimeNode {
	const headers = [...toImportanceHeaders(message.importance), ...message.headers];
	const body = toCompleteBody(message);
	const { inReplyTo, references } = toThreadHeaders(message.thread);
	return new MailComposer({
		from: addresses.from,
		to: [...addresses.to],
		cc: [...addresses.cc],
		// Counts for the envelope; the composer leaves the header out.
		bcc: [...addresses.bcc],
		replyTo: [...addresses.replyTo],
		subject: message.subject,
		messageId,
		date: new Date(),
		inReplyTo,
		references: references.length > 0 ? [...references] : undefined,
		text: body.text === undefined ? undefined : toCrLf(body.text),
		html: body.html === undefined ? undefined : toCrLf(body.html),
		attachments: message.attachments.map((attachment) => ({
			filename: toFileName(attachment.fileName),
			contentType: toAttachmentType(attachment.mimeType),
			contentTransferEncoding: 'base64',
			contentDisposition: attachment.contentId === undefined ? 'attachment' : 'inline',
			cid: attachment.contentId,
			content: toLateStream(attachment),
		})),
		headers: headers.map(({ name, value }) => ({ key: name, value })),
		normalizeHeaderKey: keepSpelling(headers),
		newline: 'windows',
		disableFileAccess: true,
		disableUrlAccess: true,
	}).compile();
}

/** The composer writes `X-Msmail-Priority`; headers keep the spelling that they were given. */
function keepSpelling(headers: readonly CustomHeader[]): (key: string) => string {
	const spellings = new Map(headers.map(({ name }) => [name.toLowerCase(), name]));
	return (key) => spellings.get(key.toLowerCase()) ?? key;
}

/** RFC 5322, section 2.3: neither CR nor LF stands alone. */
function toCrLf(text: string): string {
	return text.replace(/\r\n?|\n/g, '\r\n');
}

function toEnvelopeSender(node: MimeNode): string {
	const { from } = node.getEnvelope();
	return typeof from === 'string' ? from : '';
}

function toBccHeader(bcc: readonly Address[]): Buffer {
	if (bcc.length === 0) return Buffer.alloc(0);
	const value = MimeNode.encodeHeaderValue('Bcc', [...bcc]);
	return Buffer.from(`${foldLines(`Bcc: ${value}`, 76)}\r\n`);
}

function toCopy({ sizeBytes, open }: SpooledBytes, head: Buffer): MessageCopy {
	if (head.length === 0) return { sizeBytes, open };
	const joined = async function* () {
		yield head;
		yield* open();
	};
	return {
		sizeBytes: head.length + sizeBytes,
		open: () => Readable.from(joined(), { objectMode: false }),
	};
}
