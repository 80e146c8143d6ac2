import type { INodeProperties } from 'n8n-workflow';

export const contentProperties: INodeProperties[] = [
	{
		displayName: 'Message Format',
		name: 'messageFormat',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'HTML',
				value: 'html',
				description: 'The text for readers that show no HTML is made from it',
			},
			{ name: 'Text', value: 'text' },
			{ name: 'Text and HTML', value: 'both', description: 'Both as they are given' },
		],
		default: 'text',
	},
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 5 },
		default: '',
		displayOptions: { show: { messageFormat: ['text', 'both'] } },
	},
	{
		displayName: 'HTML',
		name: 'html',
		type: 'string',
		typeOptions: { rows: 5, editor: 'htmlEditor' },
		default: '',
		description: 'Refer to an inline image as <code>cid:</code> followed by its Content-ID',
		displayOptions: { show: { messageFormat: ['html', 'both'] } },
	},
];
