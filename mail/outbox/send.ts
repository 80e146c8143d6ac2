import type { Connector, SentCopyPolicy } from '../connector';
import { isMailError, MailError } from '../errors';
import type { OutgoingMessage, SendOutcome, SentCopyOutcome } from '../outgoing';
import type { ComposedMessage, Delivery, Log, Sender, SentFolder } from '../ports';
import { composeMessage } from './compose';
import { settleKeptCopy } from './kept-copy';
import { Patience } from './patience';
import { reasonAgainstSentCopy, selfFiling, type SelfFiling } from './sent-copy';
import { sentRegister, type SentRegister } from './sent-register';
import { submit, type WhenUncertain } from './submit';
import { toWholeSize } from './whole-size';

export interface OutboxParts {
	readonly connector: Connector;
	readonly sender: Sender;
	/** Absent: no copies can be made. */
	readonly sentFolder?: SentFolder;
	readonly log: Log;
	/** Default: as mail/limits.ts says. */
	readonly patience?: Patience;
	/** What is known of earlier mails; default: all that this process has sent. */
	readonly register?: SentRegister;
	/** Default: what this process has learned. */
	readonly selfFiling?: SelfFiling;
}

export interface SendOptions {
	/** Default: the connector's. */
	readonly sentCopy?: SentCopyPolicy;
	/** Default: it is reported. */
	readonly whenUncertain?: WhenUncertain;
	/** Ends the waiting for the server; a mail whose transmission has begun is finished. */
	readonly signal?: AbortSignal;
}

export interface Outbox {
	/**
	 * Composes once, sends, copies the same bytes. A mail that the server puts off is tried again, one with an
	 * `identityKey` that was sent before is not sent at all. Resolves when the server accepted the message for at least
	 * one recipient and the copy is made or has failed. Throws MailError: `send.uncertain` where the mail may have been
	 * accepted, every other says that nothing was. May be called concurrently.
	 */
	send(message: OutgoingMessage, options?: SendOptions): Promise<SendOutcome>;
	/** Lets go of the connections. Never throws. */
	close(): Promise<void>;
}

/** Throws `connector.disabled` and `connector.wrongUse` for connectors that must not or cannot send. */
export function createOutbox(parts: OutboxParts): Outbox {
	const { connector, sender, sentFolder, log } = parts;
	const { register = sentRegister, patience = new Patience(log) } = parts;
	assertMaySend(connector);

	const sendOnce = async (
		message: OutgoingMessage,
		{ sentCopy = connector.sentCopy, whenUncertain = 'report', signal }: SendOptions,
		uncertain?: MailError,
	): Promise<SendOutcome> => {
		const composed = await composeMessage(message, sender.room);
		try {
			const submission = { connector, sender, sentFolder, patience, log, whenUncertain, signal };
			const { isFiled, ...delivery } = await submit(composed, submission, uncertain);
			const settling = { delivery, isFiled, composed, policy: sentCopy, signal };
			return {
				...delivery,
				messageId: delivery.messageId ?? composed.messageId,
				sizeBytes: toWholeSize(composed),
				sentCopy: await settleCopy(settling, parts),
			};
		} catch (error) {
			// Of one whose fate is uncertain nothing may be removed: by what is left it will be known.
			if (!isMailError(error, 'send.uncertain')) await sender.keeper?.abandon(composed);
			throw error;
		} finally {
			await composed.dispose();
		}
	};

	return {
		send: async (message, options = {}) =>
			message.identityKey === undefined
				? await sendOnce(message, options)
				: await register.once(
						message.identityKey,
						async (uncertain) => await sendOnce(message, options, uncertain),
					),
		close: async () => {
			await Promise.all([sender.close(), sentFolder?.close()]);
		},
	};
}

export function assertMaySend(connector: Connector): void {
	if (!connector.enabled) {
		throw new MailError('connector.disabled', { subject: connector.name });
	}
	if (connector.outgoing === undefined) {
		throw new MailError('connector.wrongUse', { subject: `${connector.name} does not send` });
	}
}

const alreadyThere: SentCopyOutcome = {
	status: 'skipped',
	reason: 'The server saves sent e-mails by itself',
};

interface Settling {
	readonly delivery: Delivery;
	readonly isFiled?: boolean;
	readonly composed: ComposedMessage;
	readonly policy: SentCopyPolicy;
	readonly signal?: AbortSignal;
}

async function settleCopy(
	{ delivery, isFiled, composed, policy, signal }: Settling,
	parts: OutboxParts,
): Promise<SentCopyOutcome> {
	const { connector, sender, log } = parts;
	if (sender.keeper !== undefined) {
		return await settleKeptCopy(delivery, sender.keeper, policy, { name: connector.name, log });
	}
	return isFiled === true ? alreadyThere : await copy(composed, parts, policy, signal);
}

/** Never throws: the mail is on its way, whatever becomes of the copy. */
async function copy(
	composed: ComposedMessage,
	{ connector, sentFolder, log, selfFiling: learned = selfFiling }: OutboxParts,
	policy: SentCopyPolicy,
	signal?: AbortSignal,
): Promise<SentCopyOutcome> {
	const reason = reasonAgainstSentCopy(connector, policy);
	if (reason !== undefined) return { status: 'skipped', reason };
	if (sentFolder === undefined) return { status: 'skipped', reason: 'There is no Sent folder' };
	try {
		const { messageId } = composed;
		const isFiled =
			policy === 'automatic' && (await learned.filed(connector, sentFolder, messageId, signal));
		if (isFiled) return alreadyThere;
		return { status: 'saved', folder: await sentFolder.append(composed) };
	} catch (error) {
		const failure = isMailError(error) ? `${error.message}. ${error.remedy}` : 'The copy failed';
		log.warn(`${connector.name}: a sent e-mail was not copied to the Sent folder. ${failure}`);
		return { status: 'failed', reason: failure };
	}
}
