import type { INodeProperties } from 'n8n-workflow';

export const flagProperties: INodeProperties[] = [
	{
		displayName: 'Action',
		name: 'flagAction',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Set the Flag', value: 'add' },
			{ name: 'Remove the Flag', value: 'remove' },
		],
		default: 'add',
		displayOptions: { show: { operation: ['flag'] } },
	},
];
