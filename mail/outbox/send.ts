import type { Connector, SentCopyPolicy } from '../connector';
import { isMailError, MailError } from '../errors';
import type { OutgoingMessage, SendOutcome, SentCopyOutcome } from '../outgoing';
import type { ComposedMessage, Log, Sender, SentFolder } from '../ports';
import { composeMessage } from './compose';
import { reasonAgainstSentCopy } from './sent-copy';

export interface OutboxParts {
	readonly connector: Connector;
	readonly sender: Sender;
	/** Absent: no copies can be made. */
	readonly sentFolder?: SentFolder;
	readonly log: Log;
}

export interface SendOptions {
	/** Default: the connector's. */
	readonly sentCopy?: SentCopyPolicy;
	/** Ends the waiting for the server; a mail whose transmission has begun is finished. */
	readonly signal?: AbortSignal;
}

export interface Outbox {
	/**
	 * Composes once, sends, copies the same bytes. Resolves when the server accepted the message for at least
	 * one recipient and the copy is made or has failed. Throws MailError. May be called concurrently.
	 */
	send(message: OutgoingMessage, options?: SendOptions): Promise<SendOutcome>;
	/** Ends the connections. Never throws. */
	close(): Promise<void>;
}

/** Throws `connector.disabled` and `connector.wrongUse` for connectors that must not or cannot send. */
export function createOutbox({ connector, sender, sentFolder, log }: OutboxParts): Outbox {
	assertMaySend(connector);
	return {
		send: async (message, { sentCopy = connector.sentCopy, signal } = {}) => {
			const composed = await composeMessage(message);
			try {
				const delivery = await sender.send(composed, signal);
				return {
					...delivery,
					messageId: composed.messageId,
					sizeBytes: composed.sizeBytes,
					sentCopy: await copy(composed, connector, sentCopy, sentFolder, log),
				};
			} finally {
				await composed.dispose();
			}
		},
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

/** Never throws: the mail is on its way, whatever becomes of the copy. */
async function copy(
	composed: ComposedMessage,
	connector: Connector,
	policy: SentCopyPolicy,
	sentFolder: SentFolder | undefined,
	log: Log,
): Promise<SentCopyOutcome> {
	const reason = reasonAgainstSentCopy(connector, policy);
	if (reason !== undefined) return { status: 'skipped', reason };
	if (sentFolder === undefined) return { status: 'skipped', reason: 'There is no Sent folder' };
	try {
		return { status: 'saved', folder: await sentFolder.append(composed) };
	} catch (error) {
		const failure = isMailError(error) ? `${error.message}. ${error.remedy}` : 'The copy failed';
		log.warn(`${connector.name}: a sent e-mail was not copied to the Sent folder. ${failure}`);
		return { status: 'failed', reason: failure };
	}
}
