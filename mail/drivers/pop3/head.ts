import type { Address, MessageHead } from '../../message';
import { parseAddressHeader } from '../mime/address-header';
import { parseHeaderBlock, readHeaderFields } from '../mime/header-block';
import { toDate, toMessageIds } from '../mime/header-value';
import { toImportance } from '../mime/importance';
import { toAttachmentInfo, type AttachmentPart } from '../mime/structure';

export interface HeadSource {
	readonly uid: number;
	readonly header: Uint8Array;
	readonly sizeBytes: number;
	readonly attachments: readonly AttachmentPart[];
}

/** A head made from the message itself, as the IMAP driver makes it from the server's answers. */
export function toMessageHead({ uid, header, sizeBytes, attachments }: HeadSource): MessageHead {
	const headers = parseHeaderBlock(header);
	const first = (name: string): string | undefined => headers.get(name)?.[0];
	const addresses = readAddresses(header);
	return {
		uid,
		messageId: toMessageIds(first('message-id'))[0] ?? first('message-id') ?? '',
		inReplyTo: toMessageIds(first('in-reply-to'))[0] ?? '',
		references: headers.get('references')?.flatMap(toMessageIds) ?? [],
		subject: first('subject') ?? '',
		from: addresses.get('from') ?? [],
		sender: addresses.get('sender') ?? [],
		replyTo: addresses.get('reply-to') ?? [],
		to: addresses.get('to') ?? [],
		cc: addresses.get('cc') ?? [],
		bcc: addresses.get('bcc') ?? [],
		sentAt: toDate(first('date')),
		receivedAt: toReceivedAt(header),
		importance: toImportance(headers),
		flags: [],
		sizeBytes,
		attachments: attachments.map(toAttachmentInfo),
		headers,
	};
}

const addressFields: ReadonlySet<string> = new Set([
	'from',
	'sender',
	'reply-to',
	'to',
	'cc',
	'bcc',
]);

/** A field that stands more than once counts as one list. */
function readAddresses(header: Uint8Array): ReadonlyMap<string, readonly Address[]> {
	const found = new Map<string, Address[]>();
	for (const { name, value } of readHeaderFields(header)) {
		if (!addressFields.has(name)) continue;
		const list = found.get(name) ?? [];
		for (const address of parseAddressHeader(value)) list.push(address);
		found.set(name, list);
	}
	return found;
}

/**
 * When the server took the message in: POP3 does not tell, but the server that did so has written it on top (RFC 5321,
 * section 4.4). Otherwise when it was sent; otherwise now.
 */
export function toReceivedAt(header: Uint8Array): Date {
	let sentAt: Date | undefined;
	for (const { name, value } of readHeaderFields(header)) {
		if (name === 'received') {
			const receivedAt = toDate(value.slice(value.lastIndexOf(';') + 1).trim());
			if (receivedAt !== undefined && value.includes(';')) return receivedAt;
		} else if (name === 'date') sentAt ??= toDate(value.trim());
	}
	return sentAt ?? new Date();
}
