import type { INodeProperties } from 'n8n-workflow';
import { customHeaderOption } from './custom-header';
import { inlineImageOption } from './inline-image';

export const optionProperties: INodeProperties[] = [
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
		options: [
			{
				displayName: 'Append Signature',
				name: 'appendSignature',
				type: 'boolean',
				default: true,
				description: 'Whether to put the signature of the connector below the message',
			},
			{
				displayName: 'Attachments',
				name: 'attachments',
				type: 'string',
				default: '',
				placeholder: 'e.g. data, invoice',
				description:
					'Names of the binary properties to attach, separated by commas, or * for all of the item',
			},
			customHeaderOption,
			{
				displayName: 'Importance',
				name: 'importance',
				type: 'options',
				options: [
					{ name: 'High', value: 'high' },
					{ name: 'Low', value: 'low' },
					{ name: 'Normal', value: 'normal' },
				],
				default: 'normal',
			},
			inlineImageOption,
			{
				displayName: 'Save to Sent Folder',
				name: 'saveToSent',
				type: 'options',
				options: [
					{
						name: 'As the Connector Says',
						value: 'connector',
					},
					{
						name: 'No',
						value: 'never',
					},
					{
						name: 'Yes',
						value: 'always',
						description:
							'Gmail and Microsoft save every e-mail by themselves: it then is there twice',
					},
				],
				default: 'connector',
				description: 'Whether a copy of the e-mail is put into the Sent folder of the mailbox',
			},
			{
				displayName: 'Treat Partial Rejection as Error',
				name: 'partialRejectionIsError',
				type: 'boolean',
				default: false,
				description:
					'Whether the node fails when the server refuses some of the recipients. The e-mail is sent to the others in any case.',
			},
		],
	},
];
