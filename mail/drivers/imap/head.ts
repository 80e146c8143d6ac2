import type { FetchMessageObject, MessageAddressObject } from 'imapflow';
import { MailError } from '../../errors';
import type { Address, MessageHead } from '../../message';
import { parseHeaderBlock, type Headers } from '../mime/header-block';
import { toDate, toMessageIds } from '../mime/header-value';
import { toImportance } from '../mime/importance';
import { toAttachmentInfo, toContent, type Content } from '../mime/structure';

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
		attachments: (content?.attachments ?? []).map(toAttachmentInfo),
		headers,
	};
	return { head, content };
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
