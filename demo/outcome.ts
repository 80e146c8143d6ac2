import { simpleParser } from 'mailparser';
import { itemsOf } from '../tools/n8n/execution-data';
import type { Execution } from '../tools/n8n/rest';
import type { SentMail } from './send';
import { ACKNOWLEDGED, answerMark, branches, toOutputs } from './workflow';

/** What became of one mail. */
export interface MailOutcome {
	readonly sent: SentMail;
	/** By which outputs it left, as n8n's executions tell; one, if all is well. */
	readonly routes: readonly string[];
	/** The answer that lies in the customers' mailbox names this mail and the route it has to take. */
	readonly isAnswered: boolean;
	readonly isAcknowledged: boolean;
}

export interface Answer {
	/** The message that it answers. */
	readonly inReplyTo: string;
	readonly subject: string;
	readonly text: string;
}

/** Message-ID to the names of the outputs by which it left a trigger. */
export function toRoutes(executions: readonly Execution[]): Map<string, string[]> {
	const routes = new Map<string, string[]>();
	for (const execution of executions) {
		for (const branch of branches) {
			toOutputs(branch.routes).forEach((route, output) => {
				for (const { json } of itemsOf(execution, branch.trigger, output)) {
					const id = String(json['messageId']);
					routes.set(id, [...(routes.get(id) ?? []), route]);
				}
			});
		}
	}
	return routes;
}

export async function toAnswer(source: Buffer): Promise<Answer> {
	const { inReplyTo, subject, text } = await simpleParser(source);
	return { inReplyTo: inReplyTo ?? '', subject: subject ?? '', text: text ?? '' };
}

export function toOutcomes(
	sent: readonly SentMail[],
	routes: ReadonlyMap<string, readonly string[]>,
	answers: readonly Answer[],
): MailOutcome[] {
	return sent.map((mail) => ({
		sent: mail,
		routes: routes.get(mail.messageId) ?? [],
		isAnswered: answers.some(
			({ inReplyTo, text }) =>
				inReplyTo === mail.messageId && text.includes(answerMark(mail.route)),
		),
		isAcknowledged: answers.some(
			({ inReplyTo, subject }) => inReplyTo === mail.messageId && subject.startsWith(ACKNOWLEDGED),
		),
	}));
}

/** Whether the mail took its route, no other, and its sender heard of it, also from the route where it says so. */
export function isRight({ sent, routes, isAnswered, isAcknowledged }: MailOutcome): boolean {
	const isRouted = routes.length === 1 && routes[0] === sent.route;
	return isRouted && isAnswered && isAcknowledged === (sent.isAcknowledged ?? false);
}

export interface Summary {
	/** Mails that reached the workflow. */
	readonly received: number;
	/** Mails by the route taken. */
	readonly routed: Readonly<Record<string, number>>;
	readonly answered: number;
	readonly acknowledged: number;
	/** Mails that were sent and never reached the workflow. */
	readonly lost: number;
}

export function toSummary(outcomes: readonly MailOutcome[]): Summary {
	const routed: Record<string, number> = {};
	for (const route of outcomes.flatMap(({ routes }) => routes)) {
		routed[route] = (routed[route] ?? 0) + 1;
	}
	const received = outcomes.filter(({ routes }) => routes.length > 0).length;
	return {
		received,
		routed,
		answered: outcomes.filter(({ isAnswered }) => isAnswered).length,
		acknowledged: outcomes.filter(({ isAcknowledged }) => isAcknowledged).length,
		lost: outcomes.length - received,
	};
}
