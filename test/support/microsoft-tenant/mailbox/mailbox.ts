import type { Attachment, NewAttachment } from './attachment';
import type { MessageContent } from './content';
import { Folder, wellKnownFolders } from './folder';
import { ItemIds } from './item-id';
import { Message } from './message';
import { readMime } from './mime-reader';

/** Told of every change: change notifications hang on it. */
export type MailboxListener = (
	kind: 'created' | 'updated' | 'deleted',
	message: Message,
	folder: Folder,
) => void;

/** What a message is made with: its content, attachments without ids, and its MIME form if it had one. */
export interface NewMessage {
	readonly content: MessageContent;
	readonly attachments?: readonly NewAttachment[];
	readonly mime?: Buffer;
	/** Default: now. */
	readonly receivedMs?: number;
}

/** The mail of one user: its state is all there is, each request reads and changes it. */
export class Mailbox {
	readonly root: Folder;
	readonly folders: Folder[] = [];
	readonly messages: Message[] = [];
	private readonly ids = new ItemIds();
	private readonly listeners: MailboxListener[] = [];

	constructor(
		readonly owner: string,
		private readonly now: () => number,
	) {
		this.root = new Folder(
			this.ids.next('AQMk'),
			'Top of Information Store',
			undefined,
			'msgfolderroot',
		);
		for (const { name, displayName, isHidden } of wellKnownFolders) {
			this.folders.push(new Folder(this.ids.next('AQMk'), displayName, this.root, name, isHidden));
		}
	}

	/** By id or well-known name; names in any case. */
	findFolder(id: string): Folder | undefined {
		return [this.root, ...this.folders].find(
			(folder) => folder.id === id || folder.wellKnownName === id.toLowerCase(),
		);
	}

	/** Throws where there is none: for tests and for folders that always exist. */
	folder(name: string): Folder {
		const folder = this.findFolder(name) ?? this.folders.find((each) => each.displayName === name);
		if (folder === undefined) throw new Error(`The mailbox has no folder "${name}".`);
		return folder;
	}

	addFolder(displayName: string, parent: Folder = this.root, isHidden = false): Folder {
		const folder = new Folder(this.ids.next('AQMk'), displayName, parent, undefined, isHidden);
		this.folders.push(folder);
		return folder;
	}

	childrenOf(parent: Folder): Folder[] {
		return this.folders.filter((folder) => folder.parent === parent);
	}

	messagesIn(folder: Folder): Message[] {
		return this.messages.filter((message) => message.folder === folder);
	}

	find(id: string): Message | undefined {
		return this.messages.find((message) => message.isCalled(id));
	}

	/** A mail arrives: Graph's JSON is made from it. */
	async deliver(
		raw: string | Buffer,
		where: { readonly folder?: string; readonly receivedAt?: Date } = {},
	): Promise<Message> {
		const mime = Buffer.from(raw);
		return this.add(
			{ ...(await readMime(mime, this.now())), mime, receivedMs: where.receivedAt?.getTime() },
			this.folder(where.folder ?? 'inbox'),
		);
	}

	add(made: NewMessage, folder: Folder): Message {
		const message = new Message({
			folder,
			plainId: this.ids.next('AAMk'),
			immutableId: this.ids.next('AAkA'),
			content: { ...made.content },
			nowMs: this.now(),
			receivedMs: made.receivedMs,
		});
		message.mime = made.mime;
		for (const attachment of made.attachments ?? []) this.attachTo(message, attachment);
		this.messages.push(message);
		this.tell('created', message);
		return message;
	}

	attach(message: Message, attachment: NewAttachment): Attachment {
		const made = this.attachTo(message, attachment);
		message.mime = undefined;
		this.touch(message);
		return made;
	}

	detach(message: Message, attachment: Attachment): void {
		message.attachments = message.attachments.filter((each) => each !== attachment);
		message.mime = undefined;
		this.touch(message);
	}

	update(message: Message, changes: Partial<MessageContent>): void {
		const onlyRead = Object.keys(changes).every((name) => name === 'isRead');
		message.content = { ...message.content, ...changes };
		this.touch(message, onlyRead ? 'read' : 'updated');
	}

	/** The plain id changes, the immutable one stays. */
	move(message: Message, destination: Folder): void {
		if (message.folder === destination) return;
		this.leave(message);
		message.folder = destination;
		message.plainId = this.ids.next('AAMk');
		message.changeKey++;
		message.modifiedMs = this.now();
		this.tell('created', message);
	}

	copy(message: Message, destination: Folder): Message {
		return this.add(
			{
				content: message.content,
				attachments: message.attachments,
				mime: message.mime,
				receivedMs: message.receivedMs,
			},
			destination,
		);
	}

	remove(message: Message): void {
		this.messages.splice(this.messages.indexOf(message), 1);
		this.leave(message);
	}

	listen(listener: MailboxListener): () => void {
		this.listeners.push(listener);
		return () => {
			this.listeners.splice(this.listeners.indexOf(listener), 1);
		};
	}

	private attachTo(message: Message, attachment: NewAttachment): Attachment {
		const made = { ...attachment, id: this.ids.next('AAMkAt') };
		message.attachments.push(made);
		return made;
	}

	private touch(message: Message, kind: 'updated' | 'read' = 'updated'): void {
		message.changeKey++;
		message.modifiedMs = this.now();
		this.tell(kind, message);
	}

	private leave(message: Message): void {
		const { plainId, immutableId, folder } = message;
		folder.changes.add({ kind: 'removed', message, plainId, immutableId });
		for (const listener of this.listeners) listener('deleted', message, folder);
	}

	private tell(kind: 'created' | 'updated' | 'read', message: Message): void {
		message.folder.changes.add({ kind, message });
		const told = kind === 'read' ? 'updated' : kind;
		for (const listener of this.listeners) listener(told, message, message.folder);
	}
}
