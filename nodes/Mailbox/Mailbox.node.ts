import {
	type ICredentialsDecrypted,
	type ICredentialTestFunctions,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
	type INodeCredentialTestResult,
	type INodeExecutionData,
	type INodeListSearchResult,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { connectorCredentials, connectorProperty } from '../bridge/connector-property';
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
		credentialTest: {
			async microsoftGraphConnectionTest(
				this: ICredentialTestFunctions,
				credential: ICredentialsDecrypted,
			): Promise<INodeCredentialTestResult> {
				const { testMicrosoftGraphConnector } = await import('../runtime');
				return await testMicrosoftGraphConnector(credential);
			},
			async office365CertificateConnectionTest(
				this: ICredentialTestFunctions,
				credential: ICredentialsDecrypted,
			): Promise<INodeCredentialTestResult> {
				const { testOffice365CertificateConnector } = await import('../runtime');
				return await testOffice365CertificateConnector(credential);
			},
			async smtpImapConnectionTest(
				this: ICredentialTestFunctions,
				credential: ICredentialsDecrypted,
			): Promise<INodeCredentialTestResult> {
				const { testSmtpImapConnector } = await import('../runtime');
				return await testSmtpImapConnector.call(this, credential);
			},
		},
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
