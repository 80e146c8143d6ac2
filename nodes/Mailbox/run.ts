import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { accountKey, type Connector } from '../../mail/connector';
import type { Log, MailboxDriver } from '../../mail/ports';
import { requireIncoming } from '../bridge/connector';
import { readConnector } from '../bridge/credential-connector';
import { toErrorItem } from '../bridge/error-item';
import { toLog } from '../bridge/log';
import { createMailboxDriver } from '../bridge/mailbox-driver';
import { toNodeError } from '../bridge/node-error';
import { OpenFolders } from './open-folders';
import { changeMessage } from './operation/change-message';
import { getAttachments } from './operation/get-attachments';
import { getMessage } from './operation/get-message';
import { assertAble } from './operation/operation';
import { searchMessages } from './operation/search-messages';
import type { Task } from './operation/task';
import { readSettings, type MailboxSettings } from './settings';

/** Works on one item after the other, over one connection per folder. */
export async function executeMailbox(
	context: IExecuteFunctions,
	createDriver: (connector: Connector, log: Log) => MailboxDriver = createMailboxDriver,
): Promise<INodeExecutionData[][]> {
	const items = context.getInputData();
	const node = context.getNode();
	if (items.length === 0) return [[]];
	try {
		const connector = await readConnector(context);
		const driver = createDriver(connector, toLog(context.logger, node.name));
		return [await workOnItems(context, items, connector, driver)];
	} catch (error) {
		const nodeError = toNodeError(error, node);
		if (!context.continueOnFail() || nodeError.context.itemIndex !== undefined) throw nodeError;
		// Nothing was done: every item fails for the same reason.
		return [items.map((_item, index) => toErrorItem(nodeError, index))];
	}
}

async function workOnItems(
	context: IExecuteFunctions,
	items: readonly INodeExecutionData[],
	connector: Connector,
	driver: MailboxDriver,
): Promise<INodeExecutionData[]> {
	const account = accountKey(requireIncoming(connector));
	// Older hosts have no such call.
	const signal = context.getExecutionCancelSignal?.() ?? new AbortController().signal;
	const folders = new OpenFolders(driver, connector.limits.parallelConnections, signal);
	const onCancel = () => void folders.close();
	signal.addEventListener('abort', onCancel, { once: true });
	const results: INodeExecutionData[] = [];
	try {
		for (const [index, item] of items.entries()) {
			if (signal.aborted) break;
			try {
				const settings = readSettings(context, index);
				assertAble(settings.operation, driver.abilities);
				const folder =
					settings.kind === 'search' ? settings.search.folder : settings.reference.folder;
				const found = await folders.use(folder, async (session) => {
					const { helpers } = context;
					return await work({ session, item, account, helpers }, settings);
				});
				results.push(...found.map((result) => ({ ...result, pairedItem: { item: index } })));
			} catch (error) {
				const nodeError = toNodeError(error, context.getNode(), index);
				if (!context.continueOnFail()) throw nodeError;
				results.push(toErrorItem(nodeError, index));
			}
		}
		return results;
	} finally {
		signal.removeEventListener('abort', onCancel);
		await folders.close();
	}
}

async function work(task: Task, settings: MailboxSettings): Promise<INodeExecutionData[]> {
	switch (settings.kind) {
		case 'getMessage':
			return await getMessage(task, settings.reference, settings.includeSource);
		case 'getAttachments':
			return await getAttachments(task, settings.reference, settings.choose);
		case 'change':
			return await changeMessage(task, settings.reference, settings.change, settings.operation);
		case 'search':
			return await searchMessages(task, settings.search);
	}
}
