import type { INodeProperties } from 'n8n-workflow';

const displayOptions = { show: { operation: ['send'] } };

export const sendProperties: INodeProperties[] = [
	{
		displayName: 'To',
		name: 'to',
		type: 'string',
		default: '',
		placeholder: 'e.g. Ann Lee <ann@example.com>, bob@example.com',
		description:
			'One or more addresses, separated by commas. An expression may also give an array, or objects with name and address.',
		displayOptions,
	},
	{
		displayName: 'Subject',
		name: 'subject',
		type: 'string',
		default: '',
		placeholder: 'e.g. Your order has been shipped',
		displayOptions,
	},
];
