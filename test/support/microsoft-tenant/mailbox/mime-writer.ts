import MailComposer from 'nodemailer/lib/mail-composer';
import type { Attachment } from './attachment';
import type { Recipient } from './content';
import type { Message } from './message';

/** `PidTagInReplyToId` and `PidTagInternetReferences`: MS-OXOMSG. */
const IN_REPLY_TO = 'String 0x1042';
const REFERENCES = 'String 0x1039';

/** Written from the message's own properties, or by the composer. */
const OWN_HEADERS =
	/^(from|sender|to|cc|bcc|reply-to|subject|date|message-id|in-reply-to|references|mime-version|content-.*|importance|priority|x-priority|x-msmail-priority|received)$/i;

/** The message as MIME: as it came, or made from its state. */
export async function toMime(message: Message): Promise<Buffer> {
	if (message.mime !== undefined) return message.mime;
	const { content } = message;
	const property = (id: string) =>
		content.extendedProperties.find((each) => each.id.toLowerCase() === id.toLowerCase())?.value;
	const header = (name: string) =>
		content.internetMessageHeaders.find((each) => each.name.toLowerCase() === name)?.value;
	const attachments = await Promise.all(message.attachments.map(toPart));
	return await new MailComposer({
		from: toAddresses(content.from)[0],
		...(isOther(content.sender, content.from) ? { sender: toAddresses(content.sender)[0] } : {}),
		to: toAddresses(...content.toRecipients),
		cc: toAddresses(...content.ccRecipients),
		replyTo: toAddresses(...content.replyTo),
		subject: content.subject,
		messageId: content.internetMessageId,
		date: new Date(message.sentMs),
		inReplyTo: property(IN_REPLY_TO) ?? header('in-reply-to'),
		references: property(REFERENCES) ?? header('references'),
		...(content.importance === 'normal' ? {} : { priority: content.importance }),
		...(content.body.contentType === 'html'
			? { html: content.body.content }
			: { text: content.body.content }),
		headers: content.internetMessageHeaders
			.filter(({ name }) => !OWN_HEADERS.test(name))
			.map(({ name, value }) => ({ key: name, value })),
		attachments: attachments.flat(),
	})
		.compile()
		.build();
}

function toAddresses(...recipients: ReadonlyArray<Recipient | undefined>) {
	return recipients
		.filter((each) => each !== undefined)
		.map(({ emailAddress: { name, address } }) => ({ name: name ?? '', address }));
}

function isOther(sender: Recipient | undefined, from: Recipient | undefined): boolean {
	return sender !== undefined && sender.emailAddress.address !== from?.emailAddress.address;
}

async function toPart(attachment: Attachment) {
	if (attachment.kind === 'reference') return [];
	const base = {
		filename: attachment.name,
		contentDisposition: attachment.isInline ? ('inline' as const) : ('attachment' as const),
	};
	if (attachment.kind === 'item') {
		return [{ ...base, contentType: 'message/rfc822', content: await toMime(attachment.item) }];
	}
	return [
		{
			...base,
			contentType: attachment.contentType,
			content: attachment.content.read(),
			...(attachment.contentId === undefined ? {} : { cid: attachment.contentId }),
		},
	];
}
