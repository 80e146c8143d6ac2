import type { Directory } from '../directory/directory';
import { sizeOf } from '../mailbox/attachment';
import type { NewMessage } from '../mailbox/mailbox';
import { Message } from '../mailbox/message';
import type { Transport } from '../mailbox/transport';
import type { GraphCall } from './call';
import { badRequest, GraphError } from './graph-error';
import { findSender } from './sender-right';

export interface SendLimits {
	/** Exchange's default is 35 MB; a tenant may raise it to 150 MB. */
	messageBytes: number;
	recipients: number;
	/** Addresses that are refused as a message with them is sent. */
	readonly refusedRecipients: Set<string>;
}

/** The last step of everything that sends: checks, rights, delivery. */
export class Submission {
	/** True: drafts that are sent stay in the Outbox until `emptyOutbox`, as they do at Microsoft for a moment. */
	keepsInOutbox = false;
	private readonly waiting: Array<() => void> = [];

	constructor(
		private readonly directory: Directory,
		private readonly transport: Transport,
		private readonly limits: SendLimits,
	) {}

	/** Sends a message of the mailbox. It is no draft afterwards; where it is kept is the caller's business. */
	submit(call: GraphCall, message: Message, isKept: boolean): void {
		this.check(message);
		const { from, sender } = findSender(call, message.content.from, this.directory);
		message.content = { ...message.content, from, sender, isDraft: false, isRead: true };
		message.sentMs = call.nowMs;
		this.transport.send(message, call.owner, isKept);
	}

	/** Sends what was no message of the mailbox before; with `isKept` a copy comes to Sent Items. */
	submitNew(call: GraphCall, made: NewMessage, isKept: boolean): void {
		const folder = call.mailbox.folder('sentitems');
		const { content, nowMs } = { ...made, nowMs: call.nowMs };
		const message = new Message({ folder, content, nowMs, plainId: '', immutableId: '' });
		message.mime = made.mime;
		message.attachments = (made.attachments ?? []).map((each) => ({ ...each, id: '' }));
		this.submit(call, message, isKept);
		if (isKept) call.mailbox.add({ ...made, content: message.content }, folder);
	}

	/** The draft has been sent: its copy comes to Sent Items, where it has the same immutable id. */
	file({ mailbox }: GraphCall, message: Message): void {
		const finish = () => mailbox.move(message, mailbox.folder('sentitems'));
		if (!this.keepsInOutbox) return finish();
		mailbox.move(message, mailbox.folder('outbox'));
		this.waiting.push(finish);
	}

	emptyOutbox(): void {
		for (const finish of this.waiting.splice(0)) finish();
	}

	private check({ content, attachments }: Message): void {
		const all = [...content.toRecipients, ...content.ccRecipients, ...content.bccRecipients];
		const isWrong = ({ emailAddress }: (typeof all)[number]) =>
			!/^[^\s@<>,;]+@[^\s@<>,;]+$/.test(emailAddress.address) ||
			this.limits.refusedRecipients.has(emailAddress.address);
		if (all.length === 0 || all.some(isWrong)) {
			throw new GraphError(400, 'ErrorInvalidRecipients', "At least one recipient isn't valid.");
		}
		if (all.length > this.limits.recipients) {
			throw badRequest(`A message may have ${this.limits.recipients} recipients at most.`);
		}
		const size = attachments.reduce((sum, each) => sum + sizeOf(each), content.body.content.length);
		if (size > this.limits.messageBytes) {
			throw new GraphError(
				413,
				'ErrorMessageSizeExceeded',
				'The message exceeds the maximum supported size.',
			);
		}
	}
}
