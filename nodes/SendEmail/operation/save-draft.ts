import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { MailError } from '../../../mail/errors';
import type { DraftOutcome, Drafts } from '../../../mail/outbox';
import { openDrafts } from '../../bridge/drafts';
import { toErrorItem } from '../../bridge/error-item';
import { toLog } from '../../bridge/log';
import { toNodeError } from '../../bridge/node-error';
import { toMessage } from '../message';
import { openSending, type ConnectorUse, type Sending } from '../sending';
import { readSettings } from '../settings';

/** Puts each item's message into the Drafts folder: one result item per input item, in their order. */
export async function saveDrafts(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
): Promise<INodeExecutionData[]> {
	const sending = await openSending(context);
	try {
		const drafts = openDrafts(sending.connector, toLog(context.logger, context.getNode().name));
		try {
			return await saveAll(context, items, sending, drafts);
		} finally {
			await drafts.close();
		}
	} finally {
		await sending.close();
	}
}

async function saveAll(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
	sending: Sending,
	drafts: Drafts,
): Promise<INodeExecutionData[]> {
	const cancelled = context.getExecutionCancelSignal?.();
	const results: INodeExecutionData[] = [];
	for (const [index, item] of items.entries()) {
		try {
			if (cancelled?.aborted === true) throw new MailError('send.cancelled');
			const settings = readSettings(context, index);
			const message = toMessage(settings, item, sending.connector, context.helpers);
			const outcome = await drafts.save(sending.apply(message));
			results.push(toDraftItem(outcome, sending.use, index));
		} catch (error) {
			const nodeError = toNodeError(error, context.getNode(), index);
			if (!context.continueOnFail()) {
				const progress = `${index} of the ${items.length} drafts of this run were saved.`;
				nodeError.description = [nodeError.description ?? '', progress].join(' ').trim();
				throw nodeError;
			}
			results.push(toErrorItem(nodeError, index));
		}
	}
	return results;
}

function toDraftItem(
	{ folder, uid, uidValidity, serverId, messageId, sizeBytes }: DraftOutcome,
	use: ConnectorUse,
	itemIndex: number,
): INodeExecutionData {
	// What the Mailbox node finds the draft by.
	const reference =
		serverId !== undefined
			? { folder, uidValidity: '', uid: 0, serverId, messageId }
			: uid === undefined || uidValidity === undefined
				? null
				: { folder, uidValidity, uid, messageId };
	return {
		json: { messageId, folder, uid: uid ?? null, reference, connector: { ...use }, sizeBytes },
		pairedItem: { item: itemIndex },
	};
}
