import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { isMailError, MailError } from '../../../mail/errors';
import type { SendOutcome } from '../../../mail/outgoing';
import { toErrorItem } from '../../bridge/error-item';
import { toNodeError } from '../../bridge/node-error';
import { type ParameterSource, readConstantsOnce } from '../../bridge/parameter-source';
import { openRunIdentity, type RunIdentity } from '../../bridge/run-identity';
import { toMessage } from '../message';
import { toPartialRejection, toResultItem } from '../result';
import { openSending, type Sending } from '../sending';
import { readSettings } from '../settings';
import { runBatch, type Settled } from './batch';

/**
 * Per connection one mail is on the wire, while another is composed, or waits for the copy in the Sent folder.
 */
const MAILS_PER_CONNECTION = 2;

/**
 * Send, Reply and their kin: one result item per input item, in their order; all of them are sent through one pool
 * of connections.
 */
export async function sendAll(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const sending = await openSending(context);
	try {
		return await sendThrough(sending, context, items);
	} finally {
		await sending.close();
	}
}

async function sendThrough(
	sending: Sending,
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const goOn = context.continueOnFail();
	const run = openRunIdentity(context);
	const parameters = readConstantsOnce(context);
	const stop = new AbortController();
	const cancelled = context.getExecutionCancelSignal?.();
	const signal = cancelled ? AbortSignal.any([cancelled, stop.signal]) : stop.signal;
	const results = await runBatch(items.length, {
		limit: sending.connector.limits.parallelConnections * MAILS_PER_CONNECTION,
		work: async (index) =>
			await sendItem({ context, parameters, run, sending, signal }, items[index], index),
		isStopped: () => signal.aborted,
		onFailure: () => {
			if (!goOn) stop.abort();
		},
	});
	if (results.every(({ status }) => status === 'done')) run.complete();
	return results.map((result, index) => {
		if (result.status === 'done') return toResultItem(result.value, sending.use, index);
		if (!goOn) throw toStopError(context, results);
		const error = result.status === 'failed' ? result.error : new MailError('send.cancelled');
		return toErrorItem(toNodeError(error, context.getNode(), index), index);
	});
}

/** What all items of a run share. */
interface Run {
	readonly context: IExecuteFunctions;
	readonly parameters: ParameterSource;
	readonly run: RunIdentity;
	readonly sending: Sending;
	readonly signal: AbortSignal;
}

async function sendItem(
	{ context, parameters, run, sending, signal }: Run,
	item: INodeExecutionData = { json: {} },
	index: number,
): Promise<SendOutcome> {
	const settings = readSettings(parameters, index);
	const message = toMessage(settings, item, sending.connector, context.helpers);
	const { sentCopy, whenUncertain } = settings;
	const outcome = await sending.send(
		{ ...message, identityKey: run.keyOf(index) },
		{ sentCopy, whenUncertain, signal },
	);
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
