import { buffer } from 'node:stream/consumers';
import { MailError } from '../../errors';
import { GRAPH_MESSAGE_BYTES } from '../../limits';
import type { ComposedMessage, DetachedFile } from '../../ports';
import { attachFile } from './attach';
import { type Attaching, isAlike, isAttached } from './attaching';
import { faultOf } from './error';
import { graphPath } from './path';
import { LostAnswer, mayHaveBeenDone } from './lost-answer';
import type { SendMailbox } from './send-mailbox';
import {
	deleteForGood,
	findByMessageId,
	type StoredMessage,
	storedMessageSchema,
} from './stored-message';

const noDraftStatuses: ReadonlySet<number> = new Set([400, 404, 409]);

/**
 * A message on its way into the Drafts folder: written first, then its files one by one. Each step that fails leaves it
 * where it was, so that `complete` goes on there when it is called again.
 */
export class Draft {
	readonly #mailbox: SendMailbox;
	readonly #message: ComposedMessage;
	/** Stays when the message is sent: ids are immutable ones. */
	#id: string | undefined;
	/** Under which the server will send it, where that is not ours. */
	#messageId: string | undefined;
	#attached = 0;
	/** The answer to the last step was lost: it may have been done. */
	#isInDoubt = false;
	/** There may be a draft of this message besides this one. */
	#mayHaveTwins = false;
	#wantsReceipt: boolean;
	/** It was asked to be sent, with an unknown end. */
	#isSubmitted = false;

	constructor(mailbox: SendMailbox, message: ComposedMessage) {
		this.#mailbox = mailbox;
		this.#message = message;
		// All that Graph can be asked for; of failures Exchange tells by itself.
		const { deliveryReport } = message.envelope;
		this.#wantsReceipt = deliveryReport?.notify.includes('success') === true;
	}

	get id(): string | undefined {
		return this.#id;
	}

	get messageId(): string | undefined {
		return this.#messageId;
	}

	/** A complete draft that an earlier run has left. */
	adopt(id: string): void {
		this.#id = id;
		this.#attached = this.#files.length;
		this.#wantsReceipt = false;
		this.#isInDoubt = false;
		this.#isSubmitted = true;
	}

	/** Throws MailError; `retryable` where it may be called again. Resolves with the draft's id. */
	async complete(signal?: AbortSignal): Promise<string> {
		try {
			const id = this.#id ?? (await this.#create(signal));
			while (this.#attached < this.#files.length) await this.#attachNext(id, signal);
			if (this.#wantsReceipt) await this.#askForReceipt(id, signal);
			return id;
		} catch (error) {
			if (signal?.aborted === true) throw new MailError('send.cancelled', { cause: error });
			this.#isInDoubt ||= this.#id !== undefined || mayHaveBeenDone(error);
			throw error;
		}
	}

	/**
	 * Asks for the complete draft to be sent. Throws MailError: LostAnswer where it may have been.
	 */
	async send(): Promise<void> {
		const { client } = this.#mailbox;
		const id = this.#id ?? '';
		const wasSubmitted = this.#isSubmitted;
		this.#isSubmitted = true;
		try {
			// Without the caller's signal: what has begun is finished, so that its outcome is known.
			const path = `${client.mailbox}${graphPath`/messages/${id}/send`}`;
			await client.send({ method: 'POST', path, subject: this.#mailbox.name });
		} catch (error) {
			// A draft that is none any more was sent by the first request.
			const isNoDraft = wasSubmitted && noDraftStatuses.has(faultOf(error)?.status ?? 0);
			if (isNoDraft || mayHaveBeenDone(error)) throw new LostAnswer(id, this.#mailbox.name, error);
			this.#isSubmitted = wasSubmitted;
			throw error;
		}
	}

	/** Removes drafts of which an answer was lost, and this one where it was not sent. Throws MailError. */
	async remove(): Promise<void> {
		if (this.#id !== undefined) await deleteForGood(this.#mailbox, this.#id);
		this.#id = undefined;
		await this.removeTwins();
	}

	/** Removes drafts besides this one. Throws MailError. */
	async removeTwins(): Promise<void> {
		if (!this.#mayHaveTwins) return;
		for (const { id, isDraft } of await findByMessageId(this.#mailbox, this.#message.messageId)) {
			if (isDraft === true && id !== this.#id) await deleteForGood(this.#mailbox, id);
		}
		this.#mayHaveTwins = false;
	}

	get #files(): readonly DetachedFile[] {
		return this.#message.detached ?? [];
	}

	async #create(signal?: AbortSignal): Promise<string> {
		if (this.#isInDoubt) {
			this.#mayHaveTwins = true;
			const drafts = await findByMessageId(this.#mailbox, this.#message.messageId, signal);
			const found = drafts.find(({ isDraft }) => isDraft === true);
			if (found !== undefined) return this.#take(found);
		}
		const { client } = this.#mailbox;
		const { copy } = this.#message;
		if (copy.sizeBytes > GRAPH_MESSAGE_BYTES) throw toTooMuchText(copy.sizeBytes);
		const content = await buffer(copy.open());
		const call = {
			method: 'POST',
			path: `${client.mailbox}/messages`,
			subject: `the mailbox of ${this.#mailbox.name}`,
			headers: { 'Content-Type': 'text/plain' },
			body: content.toString('base64'),
			signal,
		} as const;
		return this.#take(await client.read(call, storedMessageSchema));
	}

	#take({ id, internetMessageId }: StoredMessage): string {
		this.#id = id;
		this.#isInDoubt = false;
		if (internetMessageId !== this.#message.messageId) {
			this.#messageId = internetMessageId ?? undefined;
		}
		return id;
	}

	async #attachNext(draftId: string, signal?: AbortSignal): Promise<void> {
		const file = this.#files[this.#attached];
		if (file === undefined) return;
		const attaching: Attaching = {
			mailbox: this.#mailbox,
			draftId,
			file,
			namesakes: this.#files
				.slice(0, this.#attached)
				.filter((one) => isAlike(file, one.fileName, one.sizeBytes, one.contentId !== undefined))
				.length,
			signal,
		};
		if (!this.#isInDoubt || !(await isAttached(attaching))) await attachFile(attaching);
		this.#isInDoubt = false;
		this.#attached++;
	}

	async #askForReceipt(id: string, signal?: AbortSignal): Promise<void> {
		const { client } = this.#mailbox;
		await client.send({
			method: 'PATCH',
			path: `${client.mailbox}${graphPath`/messages/${id}`}`,
			subject: 'delivery report',
			body: { isDeliveryReceiptRequested: true },
			signal,
		});
		this.#wantsReceipt = false;
	}
}

function toTooMuchText(sizeBytes: number): MailError {
	const megabytes = (sizeBytes / 1_000_000).toFixed(1);
	return new MailError('message.tooLarge', {
		subject: `its text and headers have ${megabytes} MB, Microsoft Graph takes 3 MB`,
		remedy: 'Send the text as an attachment, or images of the HTML as inline images.',
	});
}
