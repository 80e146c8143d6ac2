import type { INodeProperties } from 'n8n-workflow';

export const getMessageProperties: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'getMessageOptions',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		displayOptions: { show: { operation: ['getMessage'] } },
		options: [
			{
				displayName: 'Include Raw Message',
				name: 'includeRaw',
				type: 'boolean',
				default: false,
				description:
					'Whether the message as the server stores it is added as binary data named “raw” (up to 8 MB)',
			},
		],
	},
];
