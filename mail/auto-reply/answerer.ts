import { isMailError } from '../errors';
import type { Address, MessageHead } from '../message';
import type { OutgoingMessage } from '../outgoing';
import type { Log } from '../ports';
import { AnsweredSenders, type AnsweredSendersRecord } from './answered-senders';
import { type AutoReplyText, toAutoReply } from './compose';
import { reasonAgainstAutoReply, toAutoReplyCopies, toAutoReplyRecipients } from './permission';
import type { PlaceholderValues } from './template';

/** The answer that a route gives. */
export interface AutoReplySettings {
	readonly text: AutoReplyText;
	/** Others in To and Cc get it too. */
	readonly includesCopies: boolean;
	/** One answer per sender within this. */
	readonly periodMs: number;
}

/** A mail that may be answered. */
export interface AnsweredMail {
	/** Stable: a mail that is given again is not answered again. */
	readonly deliveryId: string;
	readonly head: MessageHead;
	readonly route: string;
	readonly company: string;
}

export type AnswerPlan =
	| {
			readonly sends: true;
			readonly to: Address;
			readonly message: OutgoingMessage;
			readonly route: string;
	  }
	| { readonly sends: false; readonly reason: string };

export interface AnswererParts {
	/** Who answers, and all addresses that are its own. */
	readonly from: Address;
	readonly own: readonly string[];
	readonly memory: {
		read(): AnsweredSendersRecord;
		/** Resolves when a killed process would find it again. Never throws. */
		write(record: AnsweredSendersRecord): Promise<void>;
	};
	/** Throws MailError. */
	send(message: OutgoingMessage): Promise<void>;
	readonly log: Log;
}

/**
 * Answers mails by themselves. Who was answered is noted, durably, before the answer is sent: a process that dies
 * between the two leaves a sender without an answer, and never one with two. An answer that fails stops nothing.
 */
export class Answerer {
	readonly #senders: AnsweredSenders;
	#last: Promise<void> = Promise.resolve();

	constructor(private readonly parts: AnswererParts) {
		this.#senders = new AnsweredSenders(parts.memory.read());
	}

	/**
	 * Answers the mail, if it may, behind the caller and one answer after the other. Says at once whether it does: the
	 * next mail of the same sender, also one of the same batch, already knows.
	 *
	 * @param now ms since 1970
	 */
	answer(mail: AnsweredMail, settings: AutoReplySettings, now: number): AnswerPlan {
		const plan = this.#plan(mail, settings, now);
		if (!plan.sends) return plan;
		this.#senders.note(plan.to.address, plan.route, now);
		this.#last = this.#last.then(async () => await this.#send(plan));
		return plan;
	}

	/** Resolves when all that was begun has ended. Never throws. */
	async settled(): Promise<void> {
		await this.#last;
	}

	#plan(mail: AnsweredMail, settings: AutoReplySettings, now: number): AnswerPlan {
		const { own, from } = this.parts;
		const reason = reasonAgainstAutoReply(mail.head, own);
		if (reason !== undefined) return { sends: false, reason };
		const recipients = toAutoReplyRecipients(mail.head);
		const [to] = recipients;
		if (to === undefined) return { sends: false, reason: 'it names no sender' };
		if (this.#senders.has(to.address, mail.route, settings.periodMs, now)) {
			return { sends: false, reason: 'its sender has had an answer within the period' };
		}
		const cc = settings.includesCopies ? toAutoReplyCopies(mail.head, recipients, own) : [];
		const message = toAutoReply(
			settings.text,
			toValues(mail, to, now),
			{ from, to: recipients, cc },
			mail.head,
			`acknowledgement ${mail.deliveryId} ${mail.route}`,
		);
		return { sends: true, to, message, route: mail.route };
	}

	async #send({ to, message, route }: AnswerPlan & { readonly sends: true }): Promise<void> {
		const { memory, send, log } = this.parts;
		try {
			await memory.write(this.#senders.toRecord());
			await send(message);
		} catch (error) {
			const words = isMailError(error)
				? `${error.message}. ${error.remedy}`
				: 'an unexpected error';
			log.warn(`An acknowledgement was not sent: ${words}`);
			// The next mail gets one, unless this one may have left after all.
			if (isMailError(error, 'send.uncertain')) return;
			this.#senders.forget(to.address, route);
			await memory.write(this.#senders.toRecord());
		}
	}
}

const REFERENCE_CHARACTERS = 8;

function toValues(mail: AnsweredMail, to: Address, now: number): PlaceholderValues {
	return {
		subject: mail.head.subject,
		senderName: to.name.trim() === '' ? to.address : to.name,
		senderAddress: to.address,
		date: new Date(now).toISOString().slice(0, 10),
		route: mail.route,
		company: mail.company,
		reference: mail.deliveryId.slice(0, REFERENCE_CHARACTERS).toUpperCase(),
	};
}
