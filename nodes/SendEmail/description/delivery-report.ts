import type { INodeProperties } from 'n8n-workflow';

export const deliveryReportOption: INodeProperties = {
	displayName: 'Delivery Report',
	name: 'deliveryReport',
	type: 'fixedCollection',
	placeholder: 'Add Report',
	default: {},
	description:
		'Which reports the mail servers on the way are asked for. They go to the From address. Not every server knows this (DSN).',
	options: [
		{
			displayName: 'Report',
			name: 'report',
			values: [
				{
					displayName: 'Contains',
					name: 'returns',
					type: 'options',
					options: [
						{ name: 'Headers of the Email', value: 'headers' },
						{ name: 'Whole Email', value: 'full' },
					],
					default: 'headers',
					description: 'How much of the e-mail a report of its failure holds',
				},
				{
					displayName: 'When',
					name: 'notify',
					type: 'multiOptions',
					options: [
						{ name: 'Delayed', value: 'delay' },
						{ name: 'Delivered', value: 'success' },
						{ name: 'Failed', value: 'failure' },
					],
					default: ['failure'],
					description: 'Nothing chosen: no report, not even of failures',
				},
			],
		},
	],
};
