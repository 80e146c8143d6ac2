import type { ServerResponse } from 'node:http';
import type { IWebhookFunctions, IWebhookResponseData } from 'n8n-workflow';
import { readTurn } from './link';
import { pageHeaders, toPage } from './page';
import { readQuestion } from './question';
import { type Reply, toReply } from './reply';

/**
 * Answers whoever opens a link of Send and Wait for Response. Never throws: n8n would end the waiting execution as
 * failed, so that any odd request could take the question away.
 */
export async function answerSendEmail(context: IWebhookFunctions): Promise<IWebhookResponseData> {
	const response: ServerResponse = context.getResponseObject();
	const { status, html, answer } = visit(context);
	for (const [name, value] of Object.entries(pageHeaders)) response.setHeader(name, value);
	if (answer === undefined) {
		response.statusCode = status;
		response.end(html);
		return { noWebhookResponse: true };
	}
	// n8n shows the page only after it has taken the execution out of its waiting: two answers at once are not both thanked.
	return { webhookResponse: html, workflowData: [[{ json: answer, pairedItem: { item: 0 } }]] };
}

function visit(context: IWebhookFunctions): Reply {
	try {
		const question = readQuestion((name) => context.getNodeParameter(name, null));
		const request = {
			method: context.getRequestObject().method,
			query: context.getQueryData(),
			body: context.getBodyData(),
			turn: readTurn(context),
		};
		return toReply(question, request, new Date());
	} catch (error) {
		const reason = error instanceof Error ? error.message : String(error);
		context.logger.error(
			`${context.getNode().name}: the page to answer by was not shown. ${reason}`,
		);
		return broken;
	}
}

/** Without the reason: the visitor is a stranger. */
const broken: Reply = {
	status: 500,
	html: toPage(
		'The page cannot be shown',
		'Please tell the sender of the e-mail. Nothing has been answered.',
	),
};
