import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
	NodeConnectionTypes,
	updateDisplayOptions,
} from 'n8n-workflow';
import { checkConnectorProperties } from './description/check-connector.operation';
import { connectorCredentials } from '../bridge/connector-property';
import { connectorTests } from '../bridge/connector-test';
import { sendingConnectorProperty } from './description/connector';
import { contentProperties } from './description/content';
import { forwardProperties } from './description/forward.operation';
import { operationProperty } from './description/operation';
import { optionProperties } from './description/option';
import { replyAllProperties } from './description/reply-all.operation';
import { replyProperties } from './description/reply.operation';
import { saveDraftProperties } from './description/save-draft.operation';
import { sendAndWaitProperties } from './description/send-and-wait.operation';
import { sendProperties } from './description/send.operation';
import { senderProperties } from './description/sender';
import { responseWebhooks, waitingTooltip } from './description/webhook';

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
		webhooks: responseWebhooks,
		waitingNodeTooltip: waitingTooltip,
		properties: [
			sendingConnectorProperty,
			operationProperty,
			...sendProperties,
			...replyProperties,
			...replyAllProperties,
			...forwardProperties,
			...saveDraftProperties,
			...sendAndWaitProperties,
			...updateDisplayOptions(
				{ hide: { operation: ['checkConnector', 'sendAndWait'] } },
				contentProperties,
			),
			...updateDisplayOptions({ hide: { operation: ['checkConnector'] } }, [
				...senderProperties,
				...optionProperties,
			]),
			...checkConnectorProperties,
		],
	};

	methods = {
		credentialTest: connectorTests,
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const { executeSendEmail } = await import('../runtime');
		return await executeSendEmail(this);
	}
	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const { answerSendEmail } = await import('../runtime');
		return await answerSendEmail(this);
	}
}
