import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { toErrorItem } from '../bridge/error-item';
import { toNodeError } from '../bridge/node-error';
import { checkConnector } from './operation/check-connector';
import { readOperation, type Operation } from './operation/operation';
import { saveDrafts } from './operation/save-draft';
import { sendAll } from './operation/send';
import { sendAndWait } from './operation/send-and-wait';

/** What each operation makes of the items of a run. */
const workOf: Readonly<
	Record<
		Operation,
		(
			context: IExecuteFunctions,
			items: readonly INodeExecutionData[],
		) => Promise<INodeExecutionData[]>
	>
> = {
	checkConnector,
	forward: sendAll,
	reply: sendAll,
	replyAll: sendAll,
	saveDraft: saveDrafts,
	send: sendAll,
	sendAndWait,
};

/** The operation is the same for all items: it cannot be an expression. */
export async function executeSendEmail(
	context: IExecuteFunctions,
): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	if (items.length === 0) return [[]];
	try {
		return [await workOf[readOperation(context)](context, items)];
	} catch (error) {
		const nodeError = toNodeError(error, context.getNode());
		if (!context.continueOnFail() || nodeError.context.itemIndex !== undefined) throw nodeError;
		// Nothing was sent: every item fails for the same reason.
		return [items.map((_item, index) => toErrorItem(nodeError, index))];
	}
}
