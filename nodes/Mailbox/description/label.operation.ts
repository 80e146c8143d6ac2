import type { INodeProperties } from 'n8n-workflow';

const displayOptions = { show: { operation: ['label'] } };

export const labelProperties: INodeProperties[] = [
	{
		displayName: 'Action',
		name: 'labelAction',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Add Labels', value: 'add' },
			{ name: 'Remove Labels', value: 'remove' },
		],
		default: 'add',
		displayOptions,
	},
	{
		displayName: 'Labels',
		name: 'labels',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Invoice, Checked',
		description:
			'One or more labels, separated by commas; a label has no spaces. In Gmail a label is a folder: use Copy or Move there.',
		displayOptions,
	},
];
