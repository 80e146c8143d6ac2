import type { INodeProperties } from 'n8n-workflow';

export const operationProperty: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Check Connector',
			value: 'checkConnector',
			description: 'Test the connector, and give the report as data',
			action: 'Check a connector',
		},
		{
			name: 'Forward',
			value: 'forward',
			description: 'Send an e-mail on to somebody else',
			action: 'Forward an email',
		},
		{
			name: 'Reply',
			value: 'reply',
			description: 'Answer an e-mail, in its thread',
			action: 'Reply to an email',
		},
		{
			name: 'Reply All',
			value: 'replyAll',
			description: 'Answer the sender and all other recipients of an e-mail, in its thread',
			action: 'Reply to all of an email',
		},
		{
			name: 'Save Draft',
			value: 'saveDraft',
			description: 'Put an e-mail into the Drafts folder, to be finished and sent by hand',
			action: 'Save a draft',
		},
		{
			name: 'Send',
			value: 'send',
			description: 'Send a new e-mail',
			action: 'Send an email',
		},
		{
			name: 'Send and Wait for Response',
			value: 'sendAndWait',
			description: 'Send an e-mail with links to answer by, and wait until somebody has',
			action: 'Send an email and wait for response',
		},
	],
	default: 'send',
};
