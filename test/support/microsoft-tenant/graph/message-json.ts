import type { Body } from '../mailbox/content';
import type { Message } from '../mailbox/message';
import type { Preferences } from './preference';
import { pick } from './select';

/** Only told when they are asked for by name. */
const ON_DEMAND = ['internetMessageHeaders', 'uniqueBody'];
const PREVIEW_LENGTH = 255;

export const messageProperties: readonly string[] = [
	'id',
	'bccRecipients',
	'body',
	'bodyPreview',
	'categories',
	'ccRecipients',
	'changeKey',
	'conversationId',
	'conversationIndex',
	'createdDateTime',
	'flag',
	'from',
	'hasAttachments',
	'importance',
	'inferenceClassification',
	'internetMessageHeaders',
	'internetMessageId',
	'isDeliveryReceiptRequested',
	'isDraft',
	'isRead',
	'isReadReceiptRequested',
	'lastModifiedDateTime',
	'parentFolderId',
	'receivedDateTime',
	'replyTo',
	'sender',
	'sentDateTime',
	'subject',
	'toRecipients',
	'uniqueBody',
	'webLink',
];

/** A message as Graph writes it. */
export function toMessageJson(
	message: Message,
	preferences: Preferences,
	select?: readonly string[],
): Record<string, unknown> {
	return pick(toWholeMessage(message, preferences), select, ON_DEMAND);
}

export function toWholeMessage(
	message: Message,
	preferences: Preferences,
): Record<string, unknown> {
	const { content } = message;
	const id = idOf(message, preferences);
	const body = toBody(content.body, preferences.bodyType);
	const changeKey = Buffer.from(`CQAAABYA${message.changeKey}`).toString('base64');
	return {
		'@odata.etag': `W/"${changeKey}"`,
		id,
		createdDateTime: toDateTime(message.createdMs),
		lastModifiedDateTime: toDateTime(message.modifiedMs),
		changeKey,
		categories: content.categories,
		receivedDateTime: toDateTime(message.receivedMs),
		sentDateTime: toDateTime(message.sentMs),
		hasAttachments: message.hasAttachments,
		internetMessageId: content.internetMessageId,
		subject: content.subject,
		bodyPreview: toText(content.body).replace(/\s+/g, ' ').trim().slice(0, PREVIEW_LENGTH),
		importance: content.importance,
		parentFolderId: message.folder.id,
		conversationId: content.conversationId,
		conversationIndex: 'AQHcWt0J3mY1c0mB7k6xvQ==',
		isDeliveryReceiptRequested: content.isDeliveryReceiptRequested,
		isReadReceiptRequested: content.isReadReceiptRequested,
		isRead: content.isRead,
		isDraft: content.isDraft,
		webLink: `https://outlook.office365.com/owa/?ItemID=${encodeURIComponent(id)}&exvsurl=1&viewmodel=ReadMessageItem`,
		inferenceClassification: content.inferenceClassification,
		body,
		uniqueBody: body,
		...(content.sender === undefined ? {} : { sender: content.sender }),
		...(content.from === undefined ? {} : { from: content.from }),
		toRecipients: content.toRecipients,
		ccRecipients: content.ccRecipients,
		bccRecipients: content.bccRecipients,
		replyTo: content.replyTo,
		flag: content.flag,
		internetMessageHeaders: content.internetMessageHeaders,
	};
}

export function idOf(
	message: { readonly plainId: string; readonly immutableId: string },
	preferences: Pick<Preferences, 'immutableIds'>,
): string {
	return preferences.immutableIds ? message.immutableId : message.plainId;
}

/** Graph's dates of mail have whole seconds: mails of one second cannot be told apart by them. */
export function toDateTime(ms: number): string {
	return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function toBody(body: Body, wanted: Preferences['bodyType']): Body {
	return wanted === 'text' ? { contentType: 'text', content: toText(body) } : body;
}

function toText({ contentType, content }: Body): string {
	if (contentType === 'text') return content;
	return content
		.replace(/<(script|style)[\s\S]*?<\/\1>/gi, '')
		.replace(/<br\s*\/?>|<\/(p|div|tr)>/gi, '\n')
		.replace(/<[^>]*>/g, '')
		.replace(/&nbsp;/g, ' ')
		.replace(/&lt;/g, '<')
		.replace(/&gt;/g, '>')
		.replace(/&quot;/g, '"')
		.replace(/&amp;/g, '&');
}
