import {
	type ICredentialsDecrypted,
	type ICredentialTestFunctions,
	type IExecuteFunctions,
	type INodeCredentialTestResult,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { connectorCredentials, connectorProperty } from './description/connector';
import { contentProperties } from './description/content';
import { forwardProperties } from './description/forward.operation';
import { operationProperty } from './description/operation';
import { optionProperties } from './description/option';
import { replyAllProperties } from './description/reply-all.operation';
import { replyProperties } from './description/reply.operation';
import { saveDraftProperties } from './description/save-draft.operation';
import { sendProperties } from './description/send.operation';
import { senderProperties } from './description/sender';

export class SendEmail implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Send Email',
		name: 'sendEmail',
		icon: { light: 'file:send-email.svg', dark: 'file:send-email.dark.svg' },
		group: ['output'],
		version: 1,
		subtitle: '={{ $parameter["operation"] }}',
		description: 'Sends and answers e-mails through a connector',
		defaults: { name: 'Send Email' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: connectorCredentials,
		properties: [
			connectorProperty,
			operationProperty,
			...sendProperties,
			...replyProperties,
			...replyAllProperties,
			...forwardProperties,
			...saveDraftProperties,
			...contentProperties,
			...senderProperties,
			...optionProperties,
		],
	};

	methods = {
		credentialTest: {
			async smtpImapConnectionTest(
				this: ICredentialTestFunctions,
				credential: ICredentialsDecrypted,
			): Promise<INodeCredentialTestResult> {
				const { testSmtpImapConnector } = await import('../runtime');
				return await testSmtpImapConnector.call(this, credential);
			},
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { executeSendEmail } = await import('../runtime');
		return await executeSendEmail(this);
	}
}
