import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import { foldLines } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import { COMPOSE_IN_MEMORY_BYTES } from '../limits';
import type { Address } from '../message';
import type { OutgoingCalendar, OutgoingMessage } from '../outgoing';
import type { ComposedMessage, MessageCopy, MessageRoom } from '../ports';
import {
	type AddressFields,
	needsSmtpUtf8,
	requireRecipient,
	toCheckedAddresses,
} from './address-field';
import { checkContentIds, toFilePart, type FilePart } from './attachment';
import { toCompleteBody } from './body';
import { toCheckedCalendar } from './calendar';
import { checkCustomHeader, checkHeaderText, type CustomHeader } from './custom-header';
import { toImportanceHeaders } from './importance';
import { sortFiles } from './detach';
import { createMessageId } from './message-id';
import { toReadReceiptHeaders } from './read-receipt';
import { Spool, type SpooledBytes } from './spool';
import { toThreadHeaders } from './thread';
import { toUnsubscribeHeaders } from './unsubscribe';

/**
 * Checks a message and writes it once. Small ones stay in memory, larger ones go to a temporary file, which
 * `dispose` removes; attachments are streamed through. Throws `message.invalid`, `limit.exceeded` and `message.tooLarge`.
 *
 * @param room absent: however large
 */
export async function composeMessage(
	message: OutgoingMessage,
	room?: MessageRoom,
): Promise<ComposedMessage> {
	const addresses = toCheckedAddresses(message);
	requireRecipient(addresses);
	return await composeWithin(room, message, addresses);
}

/** Like `composeMessage`, for a message that may still lack its recipients. */
export async function composeDraft(
	message: OutgoingMessage,
	room?: MessageRoom,
): Promise<ComposedMessage> {
	return await composeWithin(room, message, toCheckedAddresses(message));
}

async function composeWithin(
	room: MessageRoom | undefined,
	message: OutgoingMessage,
	addresses: AddressFields,
): Promise<ComposedMessage> {
	checkHeaderText('Subject', message.subject);
	checkContentIds(message.attachments);
	if (room === undefined || message.attachments.length === 0) {
		return await compose(message, addresses);
	}
	const { kept, detached, disposeKept, dispose } = await sortFiles(message, room);
	try {
		const composed = await compose({ ...message, attachments: kept }, addresses);
		await disposeKept();
		return {
			...composed,
			detached,
			dispose: async () => void (await Promise.all([composed.dispose(), dispose()])),
		};
	} catch (error) {
		await dispose();
		throw error;
	}
}

async function compose(
	message: OutgoingMessage,
	addresses: AddressFields,
): Promise<ComposedMessage> {
	const headers = toHeaders(message);
	const calendar = message.calendar && toCheckedCalendar(message.calendar);
	const files: FilePart[] = [];
	for (const attachment of message.attachments) files.push(await toFilePart(attachment));

	const messageId = createMessageId(addresses.from.address, message.identityKey);
	const node = toMimeNode(message, { addresses, messageId, headers, calendar, files });
	const { to } = node.getEnvelope();
	const bytes = await write(node);
	return {
		...bytes,
		messageId,
		envelope: { from: toEnvelopeSender(node), to, deliveryReport: message.deliveryReport },
		needsSmtpUtf8: needsSmtpUtf8(addresses, headers),
		copy: toCopy(bytes, toBccHeader(addresses.bcc)),
	};
}

/** A header as the mail holds it; `prepared`: encoded already, to be folded and nothing else. */
interface MessageHeader extends CustomHeader {
	readonly prepared: boolean;
}

/** Throws `message.invalid` for custom headers that are none, or that an option writes as well. */
function toHeaders(message: OutgoingMessage): MessageHeader[] {
	const own = [
		...toReadReceiptHeaders(message.readReceiptTo),
		...toUnsubscribeHeaders(message.unsubscribe),
	];
	message.headers.forEach((header) => checkCustomHeader(header, own));
	return [
		...toImportanceHeaders(message.importance).map((header) => ({ ...header, prepared: false })),
		...own.map((header) => ({ ...header, prepared: true })),
		...message.headers.map((header) => ({ ...header, prepared: false })),
	];
}

interface CheckedParts {
	readonly addresses: AddressFields;
	readonly messageId: string;
	readonly headers: readonly MessageHeader[];
	readonly calendar?: OutgoingCalendar;
	readonly files: readonly FilePart[];
}

function toMimeNode(
	message: OutgoingMessage,
	{ addresses, messageId, headers, calendar, files }: CheckedParts,
): MimeNode {
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
		// Beside the alternative that Outlook and Gmail show, the same as a file, for all others.
		icalEvent: calendar && { ...calendar, filename: 'invite.ics' },
		attachments: files.map((file) => ({ ...file })),
		headers: headers.map(({ name, value, prepared }) => ({
			key: name,
			value: prepared ? { prepared, foldLines: true, value } : value,
		})),
		normalizeHeaderKey: keepSpelling(headers),
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

/**
 * Written straight into the spool: the library's own stream puts three more between, which takes as long as the rest.
 * They would end lines with CRLF; all that is written here does.
 */
async function write(node: MimeNode): Promise<SpooledBytes> {
	const spool = new Spool(COMPOSE_IN_MEMORY_BYTES);
	const finished = new Promise<void>((resolve, reject) => {
		spool.once('finish', resolve);
		spool.once('error', reject);
	});
	node.stream(spool, {}, (error) => {
		if (error) spool.destroy(error);
		else spool.end();
	});
	await finished;
	return spool.result();
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
