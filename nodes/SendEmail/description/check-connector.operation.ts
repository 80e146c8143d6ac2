import type { INodeProperties } from 'n8n-workflow';

const displayOptions = { show: { operation: ['checkConnector'] } };

export const checkConnectorProperties: INodeProperties[] = [
	{
		displayName:
			'Goes through the connector step by step, as its own test does, and gives one item: <code>ok</code>, a summary, the steps and the facts of its certificate. Put it behind a Schedule Trigger to watch a connector.',
		name: 'checkNotice',
		type: 'notice',
		default: '',
		displayOptions,
	},
	{
		displayName: 'Options',
		name: 'checkOptions',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Fail When Not OK',
				name: 'failWhenNotOk',
				type: 'boolean',
				default: false,
				description:
					'Whether the node fails when the connector does not work. Otherwise the item says so.',
			},
			{
				displayName: 'Send Test Email',
				name: 'sendTestEmail',
				type: 'boolean',
				default: false,
				description:
					'Whether to send an e-mail to the address that the connector has under “Send a Test Email To”',
			},
		],
		displayOptions,
	},
];
