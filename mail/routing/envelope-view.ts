import type { Address, MessageHead } from '../message';
import { toAddressKeys } from './address-pattern';
import { toAttachmentKeys } from './attachment-type';
import type { CompanyDirectory, KnownCompany } from './company-directory';
import { foldText } from './text-fold';

/**
 * A message's head prepared for many conditions: each part is made when the first condition asks for it, once for all
 * routes.
 */
export class EnvelopeView {
	readonly important: boolean;
	/** Of the sender, where the directory knows it. */
	readonly company: KnownCompany | undefined;
	readonly #head: MessageHead;
	readonly #senders: readonly Address[];
	#subject?: string;
	#recipientKeys?: ReadonlySet<string>;
	#senderKeys?: ReadonlySet<string>;
	#attachmentKeys?: ReadonlySet<string>;

	constructor(head: MessageHead, directory: CompanyDirectory) {
		this.#head = head;
		this.#senders = toSenders(head);
		this.important = head.importance === 'high';
		this.company = directory.bySender(this.#senders);
	}

	/** Folded as key words are. */
	get subject(): string {
		return (this.#subject ??= foldText(this.#head.subject));
	}

	/** To, Cc and Bcc, as keys of address patterns. */
	get recipientKeys(): ReadonlySet<string> {
		return (this.#recipientKeys ??= toAddressKeys(eachRecipient(this.#head)));
	}

	get senderKeys(): ReadonlySet<string> {
		return (this.#senderKeys ??= toAddressKeys(this.#senders));
	}

	/** Of what a reader would call an attachment: images inside the text are none. */
	get attachmentKeys(): ReadonlySet<string> {
		return (this.#attachmentKeys ??= toAttachmentKeys(
			this.#head.attachments.filter(({ inline }) => !inline),
		));
	}
}

/** The author; who transmitted the mail counts only where no author is named (RFC 5322, section 3.6.2). */
function toSenders(head: MessageHead): readonly Address[] {
	const hasAuthor = head.from.some(({ address }) => address.trim() !== '');
	return hasAuthor ? head.from : head.sender;
}

function* eachRecipient(head: MessageHead): Generator<Address> {
	yield* head.to;
	yield* head.cc;
	yield* head.bcc;
}
