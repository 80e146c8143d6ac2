import type { Directory } from '../directory/directory';
import type { User } from '../directory/user';
import type { Recipient } from './content';
import type { Message } from './message';
import { toMime } from './mime-writer';

/** A mail that was sent, whether to mailboxes of the tenant or to outside. */
export interface SentMail {
	/** Whose mailbox it was sent from. */
	readonly mailbox: string;
	/** To, Cc and Bcc together. */
	readonly recipients: readonly string[];
	/** Of those, the ones that are not in the tenant. */
	readonly outside: readonly string[];
	/** As it was when it was sent. */
	readonly message: Message;
	readonly savedToSentItems: boolean;
	mime(): Promise<Buffer>;
}

/** Brings mail to the mailboxes of the tenant, and keeps a record of everything that was sent. */
export class Transport {
	readonly sent: SentMail[] = [];

	constructor(private readonly directory: Directory) {}

	/** `message` is no draft any more. */
	send(message: Message, owner: User, savedToSentItems: boolean): void {
		const { content } = message;
		const all = [...content.toRecipients, ...content.ccRecipients, ...content.bccRecipients];
		const recipients = [...new Set(all.map(addressOf))];
		const outside = recipients.filter((each) => this.directory.findUser(each) === undefined);
		for (const recipient of recipients) this.deliver(message, recipient);
		this.sent.push({
			mailbox: owner.address,
			recipients,
			outside,
			message,
			savedToSentItems,
			mime: async () => await toMime(message),
		});
	}

	/** Nobody but the sender sees Bcc. */
	private deliver(message: Message, recipient: string): void {
		const mailbox = this.directory.findUser(recipient)?.mailbox;
		if (mailbox === undefined) return;
		mailbox.add(
			{
				content: {
					...message.content,
					bccRecipients: [],
					isRead: false,
					isDraft: false,
					internetMessageHeaders: toHeaders(message),
				},
				attachments: message.attachments,
				mime: message.mime && withoutBcc(message.mime),
			},
			mailbox.folder('inbox'),
		);
	}
}

function addressOf({ emailAddress }: Recipient): string {
	return emailAddress.address.toLowerCase();
}

/** The header block, with Bcc and its folded lines left out. */
function withoutBcc(mime: Buffer): Buffer {
	const text = mime.toString('latin1');
	const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
	const head = text.slice(0, end).replace(/^bcc:.*(\r?\n[ \t].*)*\r?\n?/gim, '');
	return Buffer.from(head + text.slice(end), 'latin1');
}

/** What a received mail has that a draft has not. */
function toHeaders({ content }: Message) {
	const list = (recipients: readonly Recipient[]) => recipients.map(addressOf).join(', ');
	const own = new Set(content.internetMessageHeaders.map(({ name }) => name.toLowerCase()));
	return [
		{ name: 'From', value: list([content.from].filter((each) => each !== undefined)) },
		{ name: 'To', value: list(content.toRecipients) },
		{ name: 'Subject', value: content.subject },
		{ name: 'Message-ID', value: content.internetMessageId },
		{ name: 'MIME-Version', value: '1.0' },
	]
		.filter(({ name }) => !own.has(name.toLowerCase()))
		.concat(content.internetMessageHeaders.filter(({ name }) => !/^bcc$/i.test(name)));
}
