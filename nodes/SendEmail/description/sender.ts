import type { INodeProperties } from 'n8n-workflow';

export const senderProperties: INodeProperties[] = [
	{
		displayName: 'From Name',
		name: 'fromName',
		type: 'string',
		default: '',
		placeholder: 'The name of the connector',
		description: 'Leave empty for the name that the connector has',
	},
	{
		displayName: 'From Address',
		name: 'fromAddress',
		type: 'string',
		default: '',
		placeholder: 'The address of the connector',
		description:
			'Leave empty for the address of the connector. Most servers accept only it and its confirmed aliases.',
	},
	{
		displayName: 'Cc',
		name: 'cc',
		type: 'string',
		default: '',
		placeholder: 'e.g. carol@example.com',
		description: 'Who gets a copy, seen by all. One or more addresses, separated by commas.',
	},
	{
		displayName: 'Bcc',
		name: 'bcc',
		type: 'string',
		default: '',
		placeholder: 'e.g. archive@example.com',
		description:
			'Who gets a copy, seen by nobody. One or more addresses, separated by commas. The copy in the Sent folder names them.',
	},
	{
		displayName: 'Reply-To',
		name: 'replyTo',
		type: 'string',
		default: '',
		placeholder: 'The Reply-To of the connector',
		description: 'Where answers go. Leave empty for what the connector says.',
	},
];
