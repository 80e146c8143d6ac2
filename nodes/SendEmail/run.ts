import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import type { Connector } from '../../mail/connector';
import { isMailError, MailError } from '../../mail/errors';
import type { Outbox } from '../../mail/outbox';
import type { SendOutcome } from '../../mail/outgoing';
import { toConnector } from '../bridge/connector';
import { toErrorItem } from '../bridge/error-item';
import { toLog } from '../bridge/log';
import { toNodeError } from '../bridge/node-error';
import { openOutbox } from '../bridge/outbox';
import { runBatch, type Settled } from './batch';
import { toMessage } from './message';
import { toPartialRejection, toResultItem } from './result';
import { readSettings } from './settings';

const CREDENTIAL = 'smtpImapApi';

/**
 * Per connection one mail is on the wire, while another is composed, or waits for the copy in the Sent folder.
 */
const MAILS_PER_CONNECTION = 2;

/** One result item per input item, in their order; all of them are sent through one pool of connections. */
export async function executeSendEmail(
	context: IExecuteFunctions,
): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const node = context.getNode();
	if (items.length === 0) return [[]];
	try {
		const connector = await readConnector(context);
		const outbox = openOutbox(connector, toLog(context.logger, node.name));
		try {
			return [await sendAll(context, items, connector, outbox)];
		} finally {
			await outbox.close();
		}
	} catch (error) {
		const nodeError = toNodeError(error, node);
		if (!context.continueOnFail() || nodeError.context.itemIndex !== undefined) throw nodeError;
		// Nothing was sent: every item fails for the same reason.
		return [items.map((_item, index) => toErrorItem(nodeError, index))];
	}
}

async function readConnector(context: IExecuteFunctions): Promise<Connector> {
	const data = await context.getCredentials(CREDENTIAL);
	return toConnector(data, context.getNode().credentials?.[CREDENTIAL]?.name);
}

async function sendAll(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
	connector: Connector,
	outbox: Outbox,
): Promise<INodeExecutionData[]> {
	const goOn = context.continueOnFail();
	const stop = new AbortController();
	const cancelled = context.getExecutionCancelSignal?.();
	const signal = cancelled ? AbortSignal.any([cancelled, stop.signal]) : stop.signal;
	const results = await runBatch(items.length, {
		limit: connector.limits.parallelConnections * MAILS_PER_CONNECTION,
		work: async (index) => await sendItem(context, items, index, connector, outbox, signal),
		isStopped: () => signal.aborted,
		onFailure: () => {
			if (!goOn) stop.abort();
		},
	});
	const use = { asked: connector.name, used: connector.name };
	return results.map((result, index) => {
		if (result.status === 'done') return toResultItem(result.value, use, index);
		if (!goOn) throw toStopError(context, results);
		const error = result.status === 'failed' ? result.error : new MailError('send.cancelled');
		return toErrorItem(toNodeError(error, context.getNode(), index), index);
	});
}

async function sendItem(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
	index: number,
	connector: Connector,
	outbox: Outbox,
	signal: AbortSignal,
): Promise<SendOutcome> {
	const settings = readSettings(context, index);
	const item = items[index] ?? { json: {} };
	const message = toMessage(settings, item, connector, context.helpers);
	const outcome = await outbox.send(message, { sentCopy: settings.sentCopy, signal });
	if (outcome.rejected.length > 0 && settings.partialRejectionIsError) {
		throw toPartialRejection(outcome);
	}
	return outcome;
}

/** The first failure, with what a user must know before running the same items again. */
function toStopError(context: IExecuteFunctions, results: ReadonlyArray<Settled<SendOutcome>>) {
	const failures = results.flatMap((result, index) =>
		result.status === 'failed' ? [{ index, error: result.error }] : [],
	);
	// Those that only waited for a connection were cancelled by the failure, they are not its cause.
	const first = failures.find(({ error }) => !isMailError(error, 'send.cancelled')) ?? failures[0];
	const error = first?.error ?? new MailError('send.cancelled');
	const nodeError = toNodeError(error, context.getNode(), first?.index);
	const sent = results.flatMap(({ status }, index) => (status === 'done' ? [index] : []));
	if (results.length > 1) {
		nodeError.description = [nodeError.description ?? '', toProgress(sent, results.length)]
			.join(' ')
			.trim();
	}
	return nodeError;
}

function toProgress(sent: readonly number[], total: number): string {
	if (sent.length === 0) return `None of the ${total} e-mails of this run was sent.`;
	return `${sent.length} of the ${total} e-mails of this run were sent: items ${toRanges(sent)}.`;
}

/** `0-3, 5` of ascending numbers. */
function toRanges(numbers: readonly number[]): string {
	const ranges: Array<[number, number]> = [];
	for (const number of numbers) {
		const last = ranges.at(-1);
		if (last !== undefined && last[1] === number - 1) last[1] = number;
		else ranges.push([number, number]);
	}
	return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
