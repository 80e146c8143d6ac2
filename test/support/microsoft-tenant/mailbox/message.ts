import type { Attachment } from './attachment';
import type { MessageContent } from './content';
import type { Folder } from './folder';

/** A message in a mailbox. */
export class Message {
	folder: Folder;
	/** Changes when the message moves. */
	plainId: string;
	readonly immutableId: string;
	/** Of the etag; another after every change. */
	changeKey = 1;
	createdMs: number;
	modifiedMs: number;
	receivedMs: number;
	sentMs: number;
	content: MessageContent;
	attachments: Attachment[] = [];
	/** The message as it came, where it came as MIME; a draft that was changed since has none. */
	mime: Buffer | undefined;

	constructor(made: {
		readonly folder: Folder;
		readonly plainId: string;
		readonly immutableId: string;
		readonly content: MessageContent;
		readonly nowMs: number;
		readonly receivedMs?: number;
	}) {
		this.folder = made.folder;
		this.plainId = made.plainId;
		this.immutableId = made.immutableId;
		this.content = made.content;
		this.createdMs = made.nowMs;
		this.modifiedMs = made.nowMs;
		this.receivedMs = made.receivedMs ?? made.nowMs;
		this.sentMs = this.receivedMs;
	}

	/** Both forms are accepted everywhere. */
	isCalled(id: string): boolean {
		return id === this.plainId || id === this.immutableId;
	}

	/** False where all are inline: https://learn.microsoft.com/graph/api/resources/message, `hasAttachments`. */
	get hasAttachments(): boolean {
		return this.attachments.some(({ isInline }) => !isInline);
	}
}
