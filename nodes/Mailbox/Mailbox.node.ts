import {
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
	type INodeExecutionData,
	type INodeListSearchResult,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { connectorCredentials, connectorProperty } from '../bridge/connector-property';
import { connectorTests } from '../bridge/connector-test';
import { flagProperties } from './description/flag.operation';
import { getAttachmentsProperties } from './description/get-attachments.operation';
import { getMessageProperties } from './description/get-message.operation';
import { labelProperties } from './description/label.operation';
import { messageProperties } from './description/message';
import { operationProperty } from './description/operation';
import { searchProperties } from './description/search.operation';
import { transferProperties } from './description/transfer.operation';

export class Mailbox implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Mailbox',
		name: 'mailbox',
		icon: { light: 'file:mailbox.svg', dark: 'file:mailbox.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description: 'Reads, marks, moves and finds e-mails in the mailbox of a connector',
		defaults: { name: 'Mailbox' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: connectorCredentials,
		properties: [
			connectorProperty(),
			operationProperty,
			...messageProperties,
			...transferProperties,
			...flagProperties,
			...labelProperties,
			...searchProperties,
			...getMessageProperties,
			...getAttachmentsProperties,
		],
	};

	methods = {
		credentialTest: connectorTests,
		listSearch: {
			async searchFolders(
				this: ILoadOptionsFunctions,
				filter?: string,
			): Promise<INodeListSearchResult> {
				const { searchFolders } = await import('../runtime');
				return await searchFolders(this, filter);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { executeMailbox } = await import('../runtime');
		return await executeMailbox(this);
	}
}
