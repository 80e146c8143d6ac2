import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { toErrorItem } from '../bridge/error-item';
import { toNodeError } from '../bridge/node-error';
import { sendAll } from './operation/send';
import { openSending } from './sending';

/** One result item per input item, in their order; all of them are sent through one pool of connections. */
export async function executeSendEmail(
	context: IExecuteFunctions,
): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const node = context.getNode();
	if (items.length === 0) return [[]];
	try {
		const sending = await openSending(context);
		try {
			return [await sendAll(context, items, sending)];
		} finally {
			await sending.close();
		}
	} catch (error) {
		const nodeError = toNodeError(error, node);
		if (!context.continueOnFail() || nodeError.context.itemIndex !== undefined) throw nodeError;
		// Nothing was sent: every item fails for the same reason.
		return [items.map((_item, index) => toErrorItem(nodeError, index))];
	}
}
