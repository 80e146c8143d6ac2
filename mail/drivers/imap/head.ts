import type { FetchMessageObject, MessageAddressObject } from 'imapflow';
import { MailError } from '../../errors';
import type { Address, AttachmentInfo, MessageHead } from '../../message';
import { parseHeaderBlock, type Headers } from '../mime/header-block';
import { toImportance } from '../mime/importance';
import { toContent, type AttachmentPart, type Content } from './structure';

/** A head, and what the body will need. */
export interface ReadHead {
	readonly head: MessageHead;
	/** Undefined where the server's BODYSTRUCTURE could not be read: nested too deeply, or absent. */
	readonly content: Content | undefined;
}

/** Throws MailError `message.unreadable` where the server did not tell enough to go on. */
export function toMessageHead(row: FetchMessageObject): ReadHead {
	const { uid, envelope, size } = row;
	const receivedAt = toDate(row.internalDate);
	if (envelope === undefined || size === undefined || receivedAt === undefined) {
		throw new MailError('message.unreadable', { subject: `UID ${uid}` });
	}
	const headers = parseHeaderBlock(row.headers ?? new Uint8Array());
	const content = row.bodyStructure === undefined ? undefined : toContent(row.bodyStructure);
	const head: MessageHead = {
		uid,
		messageId: toMessageIds(envelope.messageId)[0] ?? envelope.messageId?.trim() ?? '',
		inReplyTo: toMessageIds(envelope.inReplyTo)[0] ?? '',
		references: headers.get('references')?.flatMap(toMessageIds) ?? [],
		// From the header itself: ENVELOPE spoils 8-bit text that has no charset.
		subject: headers.get('subject')?.[0] ?? envelope.subject ?? '',
		from: toAddresses(envelope.from),
		// ENVELOPE repeats From where the mail has no such header (RFC 9051, section 7.5.2): then it says nothing.
		sender: headers.has('sender') ? toAddresses(envelope.sender) : [],
		replyTo: headers.has('reply-to') ? toAddresses(envelope.replyTo) : [],
		to: toAddresses(envelope.to),
		cc: toAddresses(envelope.cc),
		bcc: toAddresses(envelope.bcc),
		sentAt: toSentAt(envelope.date, headers),
		receivedAt,
		importance: toImportance(headers),
		// \Recent speaks of this connection, not of the mail; RFC 9051 has done away with it.
		flags: [...(row.flags ?? [])].filter((flag) => flag !== '\\Recent'),
		sizeBytes: size,
		attachments: (content?.attachments ?? []).map(toInfo),
		headers,
	};
	return { head, content };
}

function toInfo(attachment: AttachmentPart): AttachmentInfo {
	const { part, fileName, mimeType, encodedSizeBytes, contentId, inline } = attachment;
	return { part, fileName, mimeType, encodedSizeBytes, contentId, inline };
}

/** RFC 5322, section 3.6.4. */
function toMessageIds(value: string | undefined): string[] {
	return value?.match(/<[^<>\s]+>/g) ?? [];
}

/** Names of groups (RFC 5322, section 3.4) have no address and are left out. */
function toAddresses(list: readonly MessageAddressObject[] | undefined): Address[] {
	return (list ?? []).flatMap(({ name, address }) =>
		address === undefined || address === '' || address === '@'
			? []
			: [{ name: name?.trim() ?? '', address }],
	);
}

function toSentAt(date: Date | string | undefined, headers: Headers): Date | undefined {
	return toDate(date) ?? toDate(headers.get('date')?.[0]);
}

/** Before the first mail, or after what four digits can say: not a date that anybody meant. */
const EARLIEST_YEAR = 1971;
const LATEST_YEAR = 9999;

/** Undefined for what is no date, or none that can be meant. */
export function toDate(value: Date | string | undefined): Date | undefined {
	if (value === undefined) return undefined;
	const date = new Date(value);
	const year = date.getUTCFullYear();
	return year >= EARLIEST_YEAR && year <= LATEST_YEAR ? date : undefined;
}
