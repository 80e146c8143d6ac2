import { type AuthenticationVerdicts, toAuthenticationVerdicts } from '../classify/authentication';
import { type MailKind, toMailKinds } from '../classify/kind';
import type { MailFacts } from '../facts/mail-facts';
import type { Address, MessageHead } from '../message';
import { toAddressKeys } from './address-pattern';
import { toAttachmentKeys } from './attachment-type';
import type { CompanyDirectory, KnownCompany } from './company-directory';
import type { RoutedBody } from './route';
import { toBounceKeys } from './rule-bounce';
import { toCalendarKeys } from './rule-calendar';
import { foldText } from './text-fold';

/** A text as rules see it. */
export interface SearchedText {
	readonly raw: string;
	/** As key words are folded. */
	readonly folded: string;
}

/** Key words are looked for up to here in a body, in characters: nobody who is answered writes more. */
const BODY_CHARACTERS = 256 * 1024;

/** Subjects, names and headers are looked at up to here, in characters: a longer one is made to hurt. */
const FIELD_CHARACTERS = 20_000;

/** Where servers note to whom they delivered, which need not stand in To or Cc. */
const DELIVERY_HEADERS = ['delivered-to', 'x-original-to', 'x-envelope-to', 'envelope-to'];

/**
 * A message prepared for many conditions: each part is made when the first condition asks for it, once for all routes.
 */
export class EnvelopeView {
	readonly important: boolean;
	readonly sizeBytes: number;
	/** Of the sender, where the directory knows it. */
	readonly company: KnownCompany | undefined;
	readonly #senders: readonly Address[];
	readonly #headers = new Map<string, readonly SearchedText[]>();
	#subject?: readonly SearchedText[];
	#bodyText?: readonly SearchedText[];
	#attachmentNames?: readonly SearchedText[];
	#attachmentKeys?: ReadonlySet<string>;
	#recipientKeys?: ReadonlySet<string>;
	#toKeys?: ReadonlySet<string>;
	#ccKeys?: ReadonlySet<string>;
	#deliveredKeys?: ReadonlySet<string>;
	#senderKeys?: ReadonlySet<string>;
	#calendarKeys?: ReadonlySet<string>;
	#bounceKeys?: ReadonlySet<string>;
	#bouncedKeys?: ReadonlySet<string>;
	#kinds?: ReadonlySet<MailKind>;
	#verdicts?: AuthenticationVerdicts;
	#marks?: ReadonlySet<string>;

	constructor(
		private readonly head: MessageHead,
		private readonly body: RoutedBody,
		directory: CompanyDirectory,
		private readonly trustedServers: readonly string[],
	) {
		this.#senders = toSenders(head);
		this.important = head.importance === 'high';
		this.sizeBytes = head.sizeBytes;
		this.company = directory.bySender(this.#senders);
	}

	/** In a list, like the texts that a mail may have several of. */
	get subject(): readonly SearchedText[] {
		return (this.#subject ??= [toSearched(this.head.subject)]);
	}

	get bodyText(): readonly SearchedText[] {
		return (this.#bodyText ??= [toSearched(this.body.text ?? '', BODY_CHARACTERS)]);
	}

	/** Every field of this name, which is in lower case. */
	header(name: string): readonly SearchedText[] {
		let texts = this.#headers.get(name);
		if (texts === undefined) {
			texts = (this.head.headers.get(name) ?? []).map((value) => toSearched(value));
			this.#headers.set(name, texts);
		}
		return texts;
	}

	/** Of what a reader would call an attachment: images inside the text are none. */
	get attachmentNames(): readonly SearchedText[] {
		return (this.#attachmentNames ??= this.#files.map(({ fileName }) => toSearched(fileName)));
	}

	/** As above. */
	get attachmentKeys(): ReadonlySet<string> {
		return (this.#attachmentKeys ??= toAttachmentKeys(this.#files));
	}

	/** To, Cc and Bcc, as keys of address patterns. */
	get recipientKeys(): ReadonlySet<string> {
		return (this.#recipientKeys ??= toAddressKeys(eachRecipient(this.head)));
	}

	get toKeys(): ReadonlySet<string> {
		return (this.#toKeys ??= toAddressKeys(this.head.to));
	}

	get ccKeys(): ReadonlySet<string> {
		return (this.#ccKeys ??= toAddressKeys(this.head.cc));
	}

	/** To whom servers on the way say that they delivered: also for mail that was blind copied or forwarded. */
	get deliveredKeys(): ReadonlySet<string> {
		return (this.#deliveredKeys ??= toAddressKeys(eachDelivered(this.head)));
	}

	get senderKeys(): ReadonlySet<string> {
		return (this.#senderKeys ??= toAddressKeys(this.#senders));
	}

	/** The method of a calendar, and what it answers. */
	get calendarKeys(): ReadonlySet<string> {
		return (this.#calendarKeys ??= toCalendarKeys(this.body.facts?.calendar));
	}

	/** Of all recipients of a report of non-delivery. */
	get bounceKeys(): ReadonlySet<string> {
		return (this.#bounceKeys ??= toBounceKeys(this.body.facts?.bounce));
	}

	/** Under both their addresses. */
	get bouncedKeys(): ReadonlySet<string> {
		return (this.#bouncedKeys ??= toAddressKeys(eachBounced(this.body.facts)));
	}

	get kinds(): ReadonlySet<MailKind> {
		return (this.#kinds ??= toMailKinds(this.head));
	}

	get verdicts(): AuthenticationVerdicts {
		return (this.#verdicts ??= toAuthenticationVerdicts(this.head.headers, this.trustedServers));
	}

	/** `read`, `unread`, `flagged` and the server's keywords, in lower case. */
	get marks(): ReadonlySet<string> {
		return (this.#marks ??= toMarks(this.head));
	}

	get #files() {
		return this.head.attachments.filter(({ inline }) => !inline);
	}
}

function toSearched(text: string, limit = FIELD_CHARACTERS): SearchedText {
	const raw = text.slice(0, limit);
	let folded: string | undefined;
	return {
		raw,
		get folded() {
			return (folded ??= foldText(raw));
		},
	};
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

function* eachDelivered({ headers }: MessageHead): Generator<Address> {
	for (const name of DELIVERY_HEADERS) {
		for (const value of headers.get(name) ?? []) {
			yield { name: '', address: value.trim().replace(/^<(.*)>$/, '$1') };
		}
	}
}

function* eachBounced(facts: MailFacts | undefined): Generator<Address> {
	for (const { address, originalAddress } of facts?.bounce?.recipients ?? []) {
		yield { name: '', address };
		yield { name: '', address: originalAddress };
	}
}

function toMarks({ flags, inbox }: MessageHead): Set<string> {
	const marks = new Set(flags.map((flag) => flag.toLowerCase()));
	marks.add(marks.delete('\\seen') ? 'read' : 'unread');
	if (marks.delete('\\flagged')) marks.add('flagged');
	if (inbox !== undefined) marks.add(inbox);
	return marks;
}
