import type { INodeProperties } from 'n8n-workflow';

export const unsubscribeOption: INodeProperties = {
	displayName: 'List-Unsubscribe',
	name: 'unsubscribe',
	type: 'fixedCollection',
	placeholder: 'Add Address',
	default: {},
	description:
		'How the recipient leaves the list. Mail programs show a button for it; Gmail and Yahoo demand it of bulk mail.',
	options: [
		{
			displayName: 'Address',
			name: 'target',
			values: [
				{
					displayName: 'Email Address',
					name: 'address',
					type: 'string',
					default: '',
					placeholder: 'e.g. leave@example.com',
				},
				{
					displayName: 'One-Click',
					name: 'oneClick',
					type: 'boolean',
					default: true,
					description:
						'Whether one POST to the URL is enough to leave, without opening it. Needs an https URL.',
				},
				{
					displayName: 'URL',
					name: 'url',
					type: 'string',
					default: '',
					placeholder: 'e.g. https://example.com/leave?member=4711',
				},
			],
		},
	],
};
