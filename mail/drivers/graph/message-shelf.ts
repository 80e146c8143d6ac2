import { GRAPH_KEPT_BODIES } from '../../limits';
import type { MessageHead } from '../../message';
import type { FoundAttachments } from './attachment-row';

/** A message as it was read. */
export interface ShelvedMessage extends FoundAttachments {
	readonly head: MessageHead;
	readonly isHtml: boolean;
	/** The text or HTML. */
	readonly content: string;
}

/** The messages read last, so that head and body need one request. Bounded; what is pushed out is read again. */
export class MessageShelf {
	readonly #messages = new Map<number, ShelvedMessage>();
	#characters = 0;

	get(uid: number): ShelvedMessage | undefined {
		return this.#messages.get(uid);
	}

	/** The oldest go first; the newest stays, however large it is. */
	put(message: ShelvedMessage): void {
		this.remove(message.head.uid);
		this.#messages.set(message.head.uid, message);
		this.#characters += toWeight(message);
		for (const uid of this.#messages.keys()) {
			if (this.#characters <= GRAPH_KEPT_BODIES || uid === message.head.uid) return;
			this.remove(uid);
		}
	}

	remove(uid: number): void {
		const message = this.#messages.get(uid);
		if (message === undefined) return;
		this.#messages.delete(uid);
		this.#characters -= toWeight(message);
	}
}

/** Headers weigh too. */
const HEAD_CHARACTERS = 10_000;

function toWeight({ content }: ShelvedMessage): number {
	return content.length + HEAD_CHARACTERS;
}
