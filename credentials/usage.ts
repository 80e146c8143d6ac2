import type { INodeProperties } from 'n8n-workflow';

/** What a connector may do; every connector type has this field and the next one. */
export const useForField: INodeProperties = {
	displayName: 'Use For',
	name: 'useFor',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Incoming and Outgoing',
			value: 'both',
			description: 'Receive and send e-mail',
		},
		{
			name: 'Incoming',
			value: 'incoming',
			description: 'Receive only: Send Email refuses this connector',
		},
		{
			name: 'Outgoing',
			value: 'outgoing',
			description: 'Send only: Email Trigger refuses this connector',
		},
	],
	default: 'both',
};

export const enabledField: INodeProperties = {
	displayName: 'Enabled',
	name: 'enabled',
	type: 'boolean',
	default: true,
	description:
		'Whether the connector may be used. When off, it neither receives nor sends: nodes stop with a message that says so.',
};
