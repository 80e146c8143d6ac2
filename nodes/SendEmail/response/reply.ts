import type { IDataObject } from 'n8n-workflow';
import type { Decision } from './form';
import { DECISION, toDecisionForm, toForm } from './form';
import { readFormAnswer } from './form-answer';
import { toPage } from './page';
import type { Question } from './question';

/** A request to the link of a question whose signature n8n has found right. */
export interface Visit {
	readonly method: string;
	readonly query: unknown;
	readonly body: unknown;
	/** Which asking the execution waits for now. */
	readonly turn: string;
}

/** What the visitor sees, and, if the question has been answered with it, what the workflow goes on with. */
export interface Reply {
	readonly status: number;
	readonly html: string;
	readonly answer?: IDataObject;
}

/** Parameters of the links: n8n signs them. */
export const TURN = 'turn';
export const APPROVED = 'approved';

/**
 * Only the POST of a form of ours answers. Mail scanners, link previews and browsers that fetch ahead open links of
 * e-mails, with GET, HEAD or OPTIONS and under any name: they get the page and decide nothing.
 */
export function toReply(question: Question, visit: Visit, now: Date): Reply {
	if (visit.turn === '' || readText(visit.query, TURN) !== visit.turn) return answered;
	const reply =
		question.response.kind === 'approval'
			? toApprovalReply(question, question.response, visit)
			: toFormReply(question, question.response, visit);
	if (reply.answer === undefined) return reply;
	return {
		...reply,
		answer: { ...reply.answer, noResponse: false, respondedAt: now.toISOString() },
	};
}

/** In a loop the node asks again in the same execution; the links of what was answered stay what they are: used. */
const answered: Reply = {
	status: 410,
	html: toPage(
		'Already answered',
		'This question has been answered already. Nothing needs to be done.',
	),
};

type ResponseOf<Kind> = Extract<Question['response'], { kind: Kind }>;

function toApprovalReply(
	{ title, text, thanks }: Question,
	{ approve, decline }: ResponseOf<'approval'>,
	{ method, query, body }: Visit,
): Reply {
	const approved = readText(query, APPROVED) !== 'false';
	const decision: Decision = approved ? 'approve' : 'decline';
	const label = approved ? approve : (decline ?? 'Decline');
	if (method === 'POST' && readText(toSent(body), DECISION) === decision) {
		return { status: 200, html: toPage(title, `${label}\n\n${thanks}`), answer: { approved } };
	}
	return { status: 200, html: toPage(title, text, toDecisionForm(decision, label)) };
}

function toFormReply(
	{ title, text, thanks }: Question,
	{ fields, isText, submit }: ResponseOf<'form'>,
	{ method, body }: Visit,
): Reply {
	if (method !== 'POST') return { status: 200, html: toPage(title, text, toForm(fields, submit)) };
	const answer = readFormAnswer(fields, toSent(body));
	if (answer.problems.size > 0) {
		return { status: 422, html: toPage(title, text, toForm(fields, submit, answer)) };
	}
	const { values } = answer;
	return {
		status: 200,
		html: toPage(title, thanks),
		answer: isText ? { ...values } : { fields: { ...values } },
	};
}

/** The one text under a name; empty where there is none or something else. */
function readText(values: unknown, name: string): string {
	const value: unknown = Object(values)[name];
	return typeof value === 'string' ? value : '';
}

/** n8n puts what a form of type multipart sends under `data`, beside its files. */
function toSent(body: unknown): unknown {
	const data: unknown = Object(body).data;
	return typeof data === 'object' && data !== null ? data : body;
}
