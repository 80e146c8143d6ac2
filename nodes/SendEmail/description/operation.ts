import type { INodeProperties } from 'n8n-workflow';

export const operationProperty: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Reply',
			value: 'reply',
			description: 'Answer an e-mail, in its thread',
			action: 'Reply to an email',
		},
		{
			name: 'Send',
			value: 'send',
			description: 'Send a new e-mail',
			action: 'Send an email',
		},
	],
	default: 'send',
};
