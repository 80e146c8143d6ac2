import { randomUUID } from 'node:crypto';
import type { User } from '../directory/user';
import { keptBytes, type NewAttachment } from '../mailbox/attachment';
import { notFlagged, type MessageContent, type Recipient } from '../mailbox/content';
import { Folder } from '../mailbox/folder';
import type { NewMessage } from '../mailbox/mailbox';
import { Message } from '../mailbox/message';
import { readMime, toConversationId } from '../mailbox/mime-reader';
import { GraphError } from './graph-error';
import { attachmentShape, readShape, type AttachmentWrite, type MessageWrite } from './write-shape';

const MAX_HEADERS = 5;

export function recipientOf(user: User): Recipient {
	return { emailAddress: { name: user.displayName, address: user.address } };
}

/** A draft of `owner` from the JSON that a client wrote. Throws what Graph says to headers that it refuses. */
export function toDraft(said: MessageWrite, owner: User, nowMs: number): NewMessage {
	const internetMessageId = said.internetMessageId ?? `<${randomUUID()}@contoso.example>`;
	const content: MessageContent = {
		...emptyContent(owner, internetMessageId),
		...toChanges(said),
		internetMessageHeaders: readHeaders(said.internetMessageHeaders ?? []),
	};
	return {
		content,
		attachments: (said.attachments ?? []).map((each) => toNewAttachment(each, nowMs)),
	};
}

/** What a client wants changed, without what it left out. */
export function toChanges(said: Omit<MessageWrite, 'attachments'>): Partial<MessageContent> {
	const changes: Partial<MessageContent> = {
		subject: said.subject ?? undefined,
		body: said.body,
		from: said.from,
		sender: said.sender,
		toRecipients: said.toRecipients,
		ccRecipients: said.ccRecipients,
		bccRecipients: said.bccRecipients,
		replyTo: said.replyTo,
		importance: said.importance,
		categories: said.categories,
		flag: said.flag,
		inferenceClassification: said.inferenceClassification,
		isRead: said.isRead ?? undefined,
		isReadReceiptRequested: said.isReadReceiptRequested ?? undefined,
		isDeliveryReceiptRequested: said.isDeliveryReceiptRequested ?? undefined,
		internetMessageId: said.internetMessageId ?? undefined,
		extendedProperties: said.singleValueExtendedProperties?.map(({ id, value }) => ({ id, value })),
	};
	return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}

/** A draft from `text/plain`: base64 of the whole message. */
export async function toMimeDraft(base64: Buffer, owner: User, nowMs: number): Promise<NewMessage> {
	const text = base64.toString('latin1').replace(/\s+/g, '');
	if (text === '' || !/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) {
		throw new GraphError(
			400,
			'ErrorMimeContentInvalidBase64String',
			'Invalid base64 string for MIME content.',
		);
	}
	const mime = Buffer.from(text, 'base64');
	const read = await readMime(mime, nowMs);
	const { from, sender, internetMessageId } = read.content;
	return {
		...read,
		mime,
		content: {
			...read.content,
			isDraft: true,
			isRead: true,
			from: from ?? recipientOf(owner),
			sender: sender ?? recipientOf(owner),
			internetMessageId: internetMessageId || `<${randomUUID()}@contoso.example>`,
		},
	};
}

export function toNewAttachment(said: AttachmentWrite, nowMs: number): NewAttachment {
	const base = { name: said.name, isInline: said.isInline, lastModifiedMs: nowMs };
	if ('contentBytes' in said) {
		return {
			...base,
			kind: 'file',
			contentType: said.contentType ?? 'application/octet-stream',
			content: keptBytes(Buffer.from(said.contentBytes, 'base64')),
			contentId: said.contentId ?? undefined,
			contentLocation: said.contentLocation ?? undefined,
		};
	}
	const item = new Message({
		folder: new Folder('', '', undefined),
		plainId: '',
		immutableId: '',
		content: { ...blankContent, subject: said.item.subject ?? '' },
		nowMs,
	});
	return { ...base, kind: 'item', contentType: 'message/rfc822', item };
}

export function readNewAttachment(body: unknown, nowMs: number): NewAttachment {
	return toNewAttachment(readShape(attachmentShape, body), nowMs);
}

const blankContent: MessageContent = {
	subject: '',
	body: { contentType: 'text', content: '' },
	from: undefined,
	sender: undefined,
	toRecipients: [],
	ccRecipients: [],
	bccRecipients: [],
	replyTo: [],
	importance: 'normal',
	categories: [],
	flag: notFlagged,
	inferenceClassification: 'focused',
	isRead: true,
	isDraft: true,
	isReadReceiptRequested: false,
	isDeliveryReceiptRequested: false,
	internetMessageId: '',
	conversationId: '',
	internetMessageHeaders: [],
	extendedProperties: [],
};

function emptyContent(owner: User, internetMessageId: string): MessageContent {
	return {
		...blankContent,
		from: recipientOf(owner),
		sender: recipientOf(owner),
		internetMessageId,
		conversationId: toConversationId(internetMessageId),
	};
}

function readHeaders(headers: ReadonlyArray<{ readonly name: string; readonly value: string }>) {
	const wrong = headers.find(({ name }) => !/^x-./i.test(name));
	if (wrong !== undefined) {
		throw new GraphError(
			400,
			'InvalidInternetMessageHeader',
			`The internet message header name '${wrong.name}' should start with 'x-' or 'X-'.`,
		);
	}
	if (headers.length > MAX_HEADERS) {
		throw new GraphError(
			400,
			'InvalidInternetMessageHeaderCollection',
			`Maximum number of headers in one message should be less than or equal to ${MAX_HEADERS}.`,
		);
	}
	return headers.map(({ name, value }) => ({ name, value }));
}
