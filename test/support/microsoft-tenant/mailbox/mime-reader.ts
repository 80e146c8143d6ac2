import { createHash } from 'node:crypto';
import type { AddressObject, Attachment as MimePart, ParsedMail } from 'mailparser';
import { simpleParser } from 'mailparser';
import { keptBytes, type NewAttachment } from './attachment';
import { notFlagged, type InternetHeader, type MessageContent, type Recipient } from './content';
import { Folder } from './folder';
import { Message } from './message';
import type { NewMessage } from './mailbox';

/** Turns a mail into what Graph would make of it. */
export async function readMime(mime: Buffer, nowMs: number): Promise<NewMessage> {
	const mail = await simpleParser(mime, { skipTextToHtml: true, skipImageLinks: true });
	const attachments = await Promise.all(mail.attachments.map((part) => toAttachment(part, nowMs)));
	return { content: toContent(mail), attachments };
}

function toContent(mail: ParsedMail): MessageContent {
	const from = toRecipients(mail.from)[0];
	const headers = toHeaders(mail);
	return {
		subject: mail.subject ?? '',
		body:
			typeof mail.html === 'string'
				? { contentType: 'html', content: mail.html }
				: { contentType: 'text', content: mail.text ?? '' },
		from,
		sender: toRecipients(mail.headers.get('sender'))[0] ?? from,
		toRecipients: toRecipients(mail.to),
		ccRecipients: toRecipients(mail.cc),
		bccRecipients: toRecipients(mail.bcc),
		replyTo: toRecipients(mail.replyTo),
		importance: importanceOf(headers),
		categories: headers
			.filter(({ name }) => name.toLowerCase() === 'keywords')
			.flatMap(({ value }) => value.split(',').map((each) => each.trim())),
		flag: notFlagged,
		inferenceClassification: 'focused',
		isRead: false,
		isDraft: false,
		isReadReceiptRequested: mail.headers.has('disposition-notification-to'),
		isDeliveryReceiptRequested: false,
		internetMessageId: mail.messageId ?? '',
		conversationId: toConversationId(
			[mail.references ?? []].flat()[0] ?? mail.inReplyTo ?? mail.messageId,
		),
		internetMessageHeaders: headers,
		extendedProperties: [],
	};
}

async function toAttachment(part: MimePart, nowMs: number): Promise<NewAttachment> {
	const base = {
		name: part.filename ?? 'attachment',
		contentType: part.contentType,
		isInline: part.contentDisposition === 'inline' || part.related === true,
		lastModifiedMs: nowMs,
	};
	if (part.contentType !== 'message/rfc822') {
		return {
			...base,
			kind: 'file',
			content: keptBytes(part.content),
			contentId: part.cid,
			contentLocation: undefined,
		};
	}
	const made = await readMime(part.content, nowMs);
	const item = new Message({
		folder: new Folder('', '', undefined),
		plainId: '',
		immutableId: '',
		content: made.content,
		nowMs,
	});
	item.mime = part.content;
	return { ...base, name: made.content.subject, kind: 'item', item };
}

function toRecipients(found: unknown): Recipient[] {
	const objects = [found ?? []].flat().filter(isAddressObject);
	return objects.flatMap(({ value }) =>
		value
			.flatMap((each) => [each, ...(each.group ?? [])])
			.filter(({ address }) => address !== undefined && address !== '')
			.map(({ name, address = '' }) => ({ emailAddress: { name: name || address, address } })),
	);
}

function isAddressObject(found: unknown): found is AddressObject {
	return (
		typeof found === 'object' && found !== null && 'value' in found && Array.isArray(found.value)
	);
}

function toHeaders(mail: ParsedMail): InternetHeader[] {
	return mail.headerLines.map(({ line }) => {
		const colon = line.indexOf(':');
		return {
			name: line.slice(0, colon),
			value: line
				.slice(colon + 1)
				.replace(/\r?\n/g, '')
				.trim(),
		};
	});
}

/** `Importance` of RFC 2156, or the older `X-Priority`, 1 to 5. */
function importanceOf(headers: readonly InternetHeader[]): 'low' | 'normal' | 'high' {
	const said = (wanted: string) =>
		headers.find(({ name }) => name.toLowerCase() === wanted)?.value.toLowerCase() ?? '';
	const importance = said('importance');
	if (importance === 'high' || importance === 'low') return importance;
	const priority = Number(/^[1-5]/.exec(said('x-priority'))?.[0] ?? 3);
	if (priority === 3) return 'normal';
	return priority < 3 ? 'high' : 'low';
}

/** One id for all mails that answer each other. */
export function toConversationId(firstMessageId: string | undefined): string {
	const hash = createHash('sha256')
		.update(firstMessageId ?? '')
		.digest('base64url');
	return `AAQkAD${hash}=`;
}
