import type { IDataObject } from 'n8n-workflow';
import * as z from 'zod';
import { Answerer, type AnswerPlan, type AutoReplySettings } from '../../mail/auto-reply/answerer';
import type { Connector } from '../../mail/connector';
import { MailError } from '../../mail/errors';
import { toExcerpt } from '../../mail/excerpt';
import type { IncomingMessage } from '../../mail/inbox/delivery';
import type { Log } from '../../mail/ports';
import { sendAutomatically } from '../bridge/automatic-sender';
import type { Journal } from '../bridge/journal';
import { FALLBACK_NAME } from '../bridge/message-item';
import type { TriggerSettings } from './settings';

/** What becomes of a mail's acknowledgement, for its item; undefined where its route sends none. */
type FieldOf = (message: IncomingMessage) => IDataObject | undefined;

/** Answers some mails behind the caller. */
export type Answering = (messages: readonly IncomingMessage[]) => FieldOf;

const record = z.array(z.tuple([z.string(), z.number()])).catch([]);

/**
 * Acknowledgements to whoever has written. Throws `connector.wrongUse` where a route sends one and the connector cannot.
 *
 * @param readConnector as n8n has it when the answer leaves
 */
export function createAnswering(
	settings: TriggerSettings,
	connector: Connector,
	readConnector: () => Promise<Connector>,
	journal: Journal,
	log: Log,
): Answering {
	const { routing, acknowledgements } = settings;
	const answering = acknowledgements.findIndex((each) => each !== undefined);
	if (answering < 0) return silence;
	if (connector.outgoing === undefined) {
		const name = toExcerpt(routing.routes[answering]?.name ?? FALLBACK_NAME);
		throw new MailError('connector.wrongUse', {
			subject: `route ${name} sends acknowledgements, and ${connector.name} does not send`,
		});
	}
	const { identity, incoming } = connector;
	const answerer = new Answerer({
		from: { name: identity.fromName ?? '', address: identity.fromAddress },
		own: [
			identity.primaryAddress,
			identity.fromAddress,
			...(identity.replyTo === undefined ? [] : [identity.replyTo]),
			...(incoming === undefined || incoming.protocol === 'graph' ? [] : [incoming.login.user]),
		],
		memory: {
			read: () => record.parse(journal.read() ?? []),
			write: async (senders) => await journal.write(senders),
		},
		send: async (message) => await sendAutomatically(await readConnector(), message, log),
		log,
	});
	return (messages) => {
		const plans = new Map(
			messages.map((message) => [
				message.deliveryId,
				answerOne(answerer, message, acknowledgements),
			]),
		);
		return ({ deliveryId }) => toField(plans.get(deliveryId));
	};
}

/** In a test run: that an acknowledgement would be sent, and is not. */
export function describeAnswer(settings: TriggerSettings): FieldOf {
	return (message) =>
		settingsOf(message, settings.acknowledgements).settings && {
			status: 'notSent',
			reason: 'this is a test run',
		};
}

const silence: Answering = () => () => undefined;

function answerOne(
	answerer: Answerer,
	message: IncomingMessage,
	acknowledgements: TriggerSettings['acknowledgements'],
): AnswerPlan | undefined {
	const { settings, route } = settingsOf(message, acknowledgements);
	const { head, deliveryId, decision } = message;
	if (settings === undefined || head === undefined) return undefined;
	const mail = { deliveryId, head, route, company: decision.company ?? '' };
	return answerer.answer(mail, settings, Date.now());
}

/** Of several routes that take the mail the first that answers: nobody wants two answers to one e-mail. */
function settingsOf(
	{ decision, problem }: IncomingMessage,
	acknowledgements: TriggerSettings['acknowledgements'],
): { readonly settings?: AutoReplySettings; readonly route: string } {
	if (problem !== undefined) return { route: '' };
	if (decision.matches.length === 0) {
		return { settings: acknowledgements.at(-1), route: FALLBACK_NAME };
	}
	const match = decision.matches.find(({ index }) => acknowledgements[index] !== undefined);
	return match === undefined
		? { route: '' }
		: { settings: acknowledgements[match.index], route: match.name };
}

function toField(plan: AnswerPlan | undefined): IDataObject | undefined {
	if (plan === undefined) return undefined;
	return plan.sends
		? { status: 'sending', to: plan.to.address }
		: { status: 'notSent', reason: plan.reason };
}
