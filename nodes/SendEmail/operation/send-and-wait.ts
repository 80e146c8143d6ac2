import { type IExecuteFunctions, type INodeExecutionData, WAIT_INDEFINITELY } from 'n8n-workflow';
import { MailError } from '../../../mail/errors';
import { toMessage } from '../message';
import { toPartialRejection } from '../result';
import { toLinks } from '../response/link';
import { type Question, readQuestion } from '../response/question';
import { toRequestBody } from '../response/request-body';
import { toWaitEnd } from '../response/wait-limit';
import { openSending } from '../sending';
import { readSettings } from '../settings';

/**
 * Sends the question, then puts the execution to wait. n8n goes on with what the webhook gives (see
 * `answerSendEmail`), or, when the wait ends before, with the input item.
 */
export async function sendAndWait(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const item = requireOne(items);
	const question = readQuestion((name) => context.getNodeParameter(name, 0, null));
	const end = toEnd(question, context.getTimezone());
	await sendQuestion(context, item, question);
	await context.putExecutionToWait(end);
	markUnanswered(context.getInputData());
	return [item];
}

/** One answer ends the waiting of the whole execution: of several questions all but one would stay open for ever. */
function requireOne(items: readonly INodeExecutionData[]): INodeExecutionData {
	const [item, ...others] = items;
	if (item !== undefined && others.length === 0) return item;
	throw new MailError('settings.invalid', {
		subject: `Send and Wait for Response takes one item at a time, and was given ${items.length}`,
		remedy:
			'Put Loop Over Items before it, with a batch size of 1. If one question is meant for all of them, put Aggregate or Limit before it.',
	});
}

function toEnd({ waitLimit }: Question, zone: string): Date {
	return waitLimit === undefined ? WAIT_INDEFINITELY : toWaitEnd(waitLimit, new Date(), zone);
}

async function sendQuestion(
	context: IExecuteFunctions,
	item: INodeExecutionData,
	question: Question,
): Promise<void> {
	const settings = {
		...readSettings(context, 0),
		body: toRequestBody(question.message, toLinks(context, question)),
	};
	const sending = await openSending(context);
	try {
		const message = toMessage(settings, item, sending.connector, context.helpers);
		const outcome = await sending.send(message, {
			sentCopy: settings.sentCopy,
			signal: context.getExecutionCancelSignal?.(),
		});
		if (outcome.rejected.length === 0) return;
		const rejection = toPartialRejection(outcome);
		if (settings.partialRejectionIsError) throw rejection;
		// The item that comes out is the answer: it has no room for this.
		context.logger.warn(`${context.getNode().name}: ${rejection.message}. ${rejection.remedy}`);
	} finally {
		await sending.close();
	}
}

/**
 * When the wait ends without an answer n8n passes on what the node was given, and runs none of our code: so the item
 * says it from now on. n8n hands each run a list of its own; where it should not, nothing is marked, and an expired
 * item is the input item alone.
 */
function markUnanswered(items: INodeExecutionData[]): void {
	for (const [index, item] of items.entries()) {
		items[index] = { ...item, json: { ...item.json, noResponse: true } };
	}
}
