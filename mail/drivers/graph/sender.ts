import type { Connector } from '../../connector';
import { MailError } from '../../errors';
import { GRAPH_FILE_BYTES, GRAPH_MESSAGE_BYTES } from '../../limits';
import type { ComposedMessage, Delivery, Fate, MessageRoom, Sender } from '../../ports';
import { takeSendSlot } from '../net/send-rate';
import { Draft } from './draft';
import { LostAnswer } from './lost-answer';
import { type SendMailbox, toSendMailbox } from './send-mailbox';
import { SENT_ITEMS, SentItems } from './sent-items';
import { findById, findByMessageId } from './stored-message';

export const graphRoom: MessageRoom = {
	messageBytes: GRAPH_MESSAGE_BYTES,
	fileBytes: GRAPH_FILE_BYTES,
};

/**
 * Sends by writing a draft and sending that: a draft is sent at most once, however often it is asked for, and it knows
 * whether it was (docs/sending-by-graph.md). Opens nothing. Throws `connector.wrongUse`.
 */
export function createGraphSender(connector: Connector): Sender {
	const mailbox = toSendMailbox(connector);
	const sentItems = new SentItems(mailbox);
	const drafts = new WeakMap<ComposedMessage, Draft>();
	const draftOf = (message: ComposedMessage): Draft => {
		const draft = drafts.get(message) ?? new Draft(mailbox, message);
		drafts.set(message, draft);
		return draft;
	};
	return {
		room: graphRoom,
		send: async (message, signal) => {
			if (signal?.aborted === true) throw new MailError('send.cancelled');
			await takeSendSlot(mailbox.key, connector.limits.messagesPerSecond, signal);
			const draft = draftOf(message);
			await draft.complete(signal);
			await draft.send();
			await quietly(async () => await draft.removeTwins());
			return toDelivery(message, draft, draft.id);
		},
		keeper: {
			sentFolder: SENT_ITEMS,
			fateOf: async (message, doubt) => {
				const draft = draftOf(message);
				if (doubt instanceof LostAnswer && draft.id === undefined) draft.adopt(doubt.draftId);
				const fate = await findFate(mailbox, message, draft);
				// Where the user wants it sent all the same, it is another draft.
				if (fate.status === 'unknown') drafts.delete(message);
				return fate;
			},
			abandon: async (message) => {
				await quietly(async () => await drafts.get(message)?.remove());
			},
			removeSent: async ({ serverId }) => {
				if (serverId !== undefined) await sentItems.remove(serverId);
			},
		},
		close: async () => await Promise.resolve(),
	};
}

async function findFate(
	mailbox: SendMailbox,
	message: ComposedMessage,
	draft: Draft,
): Promise<Fate> {
	const own = draft.id === undefined ? undefined : await findById(mailbox, draft.id);
	if (own?.isDraft === true) return { status: 'notSent' };
	const sent =
		own ??
		(await findByMessageId(mailbox, message.messageId)).find(({ isDraft }) => isDraft === false);
	if (sent === undefined) return { status: 'unknown' };
	const response = 'The answer was lost; the mailbox shows that the e-mail was sent';
	return { status: 'sent', delivery: { ...toDelivery(message, draft, sent.id), response } };
}

function toDelivery({ envelope }: ComposedMessage, draft: Draft, serverId?: string): Delivery {
	const { to: accepted, deliveryReport } = envelope;
	const report = deliveryReport?.notify.includes('success') === true ? 'requested' : 'not offered';
	return {
		accepted,
		rejected: [],
		// Its answer says no more (graph/outlook-things-to-know-about-send-mail).
		response:
			'Taken by Exchange Online for all recipients; whom it cannot reach it names to the sender by e-mail',
		serverId,
		messageId: draft.messageId,
		...(deliveryReport && { deliveryReport: report }),
	};
}

/** The mail has gone, or will not go: a draft that cannot be removed stays in the Drafts folder, and does no harm. */
async function quietly(remove: () => Promise<void>): Promise<void> {
	try {
		await remove();
	} catch {
		// As above.
	}
}
