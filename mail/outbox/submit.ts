import type { Connector } from '../connector';
import { isMailError, MailError } from '../errors';
import { UNCERTAIN_LOOKS_MS } from '../limits';
import type {
	ComposedMessage,
	Delivery,
	Fate,
	Log,
	MessageKeeper,
	Sender,
	SentFolder,
} from '../ports';
import { type Patience, pause } from './patience';
import { provesBySentFolder } from './sent-copy';
import { isInSentFolder } from './sent-search';

/** What to do with a mail of which nobody can say whether it was accepted. */
export type WhenUncertain = 'report' | 'sendAgain';

export interface Submission {
	readonly connector: Connector;
	readonly sender: Sender;
	readonly sentFolder?: SentFolder;
	readonly patience: Patience;
	readonly log: Log;
	readonly whenUncertain: WhenUncertain;
	readonly signal?: AbortSignal;
}

/** A delivery; `isFiled`: the message was found in the Sent folder, which stands for the server's answer. */
export type Submitted = Delivery & { readonly isFiled?: true };

/**
 * Hands a message to the server: once, unless it is proven that nothing was accepted, or the user wants it so.
 * Throws MailError; `send.uncertain` where it may have been accepted.
 *
 * @param uncertain the error of an earlier run that ended so: its fate is looked for first
 */
export async function submit(
	message: ComposedMessage,
	submission: Submission,
	uncertain?: MailError,
): Promise<Submitted> {
	const limit = uncertain === undefined ? 2 : 1;
	let doubt = uncertain;
	for (let sendings = 0; ; sendings++) {
		if (doubt !== undefined) {
			const fate = await look(message, submission, doubt);
			if (fate.status === 'sent') return { ...fate.delivery, isFiled: true };
			const isRefuted = fate.status === 'notSent';
			const maySendAgain = isRefuted || submission.whenUncertain === 'sendAgain';
			if (!maySendAgain || sendings >= limit)
				throw isRefuted && submission.sender.keeper ? toRefuted(doubt) : doubt;
		}
		try {
			return await submitPatiently(message, submission);
		} catch (error) {
			if (!isMailError(error, 'send.uncertain')) throw error;
			doubt = error;
		}
	}
}

/** In the server's own books where it keeps any, otherwise in the Sent folder. */
async function look(
	message: ComposedMessage,
	submission: Submission,
	doubt: MailError,
): Promise<Fate> {
	const { connector, sender, sentFolder, log, signal } = submission;
	const { keeper } = sender;
	try {
		if (keeper !== undefined) return await lookAtKeeper(message, keeper, doubt, signal);
		if (sentFolder === undefined) return { status: 'unknown' };
		const { messageId } = message;
		const isFiled = await isInSentFolder(sentFolder, messageId, UNCERTAIN_LOOKS_MS, signal);
		if (isFiled) return { status: 'sent', delivery: toFiled(message) };
		return { status: provesBySentFolder(connector) ? 'notSent' : 'unknown' };
	} catch (error) {
		const reason = isMailError(error) ? error.message : 'The search failed';
		log.warn(`${connector.name}: a mail of unknown fate could not be looked for. ${reason}`);
		return { status: 'unknown' };
	}
}

/** Only what was sent is certain at the first look: the server may still be about to send. */
async function lookAtKeeper(
	message: ComposedMessage,
	keeper: MessageKeeper,
	doubt: MailError,
	signal: AbortSignal | undefined,
): Promise<Fate> {
	let fate: Fate = { status: 'unknown' };
	let failure: unknown;
	for (const pauseMs of UNCERTAIN_LOOKS_MS) {
		await pause(pauseMs, signal);
		try {
			fate = await keeper.fateOf(message, doubt);
			failure = undefined;
			if (fate.status === 'sent') return fate;
		} catch (error) {
			// Whatever has swallowed the answer may swallow a look as well.
			failure = error;
		}
	}
	if (failure !== undefined) throw failure;
	return fate;
}

/** The server has it, and has not sent it, though it was asked to: that is no doubt any more. */
function toRefuted({ subject, cause }: MailError): MailError {
	return new MailError('server.unavailable', { subject, retryable: true, cause });
}

function toFiled({ envelope }: ComposedMessage): Delivery {
	return {
		accepted: envelope.to,
		rejected: [],
		response: "The server's answer was lost; the e-mail was found in the Sent folder",
	};
}

/** Tries again what was put off: the whole message, or those recipients that were. */
async function submitPatiently(
	message: ComposedMessage,
	{ sender, patience, signal }: Submission,
): Promise<Delivery> {
	const delivery = await patience.run(async () => await sender.send(message, signal), signal);
	const later = delivery.rejected.filter(({ temporary }) => temporary);
	if (later.length === 0) return delivery;
	const rest = { ...message.envelope, to: later.map(({ address }) => address) };
	try {
		const second = await patience.run(
			async () => await sender.send({ ...message, envelope: rest }, signal),
			signal,
		);
		const final = delivery.rejected.filter(({ temporary }) => !temporary);
		return {
			...delivery,
			accepted: [...delivery.accepted, ...second.accepted],
			rejected: [...final, ...second.rejected],
		};
	} catch (error) {
		// The others have their mail: whatever became of these is told beside it.
		return isMailError(error)
			? { ...delivery, rejected: toStillRejected(delivery, error) }
			: delivery;
	}
}

/** An uncertain recipient is no longer one that may simply be tried again. */
function toStillRejected({ rejected }: Delivery, error: MailError): Delivery['rejected'] {
	const isUncertain = error.code === 'send.uncertain';
	return rejected.map((one) =>
		one.temporary && isUncertain ? { ...one, reply: error.message, temporary: false } : one,
	);
}
