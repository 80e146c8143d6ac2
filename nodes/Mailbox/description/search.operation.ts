import type { INodeProperties } from 'n8n-workflow';
import { folderProperty } from '../../bridge/folder-property';

const displayOptions = { show: { operation: ['search'] } };

export const searchProperties: INodeProperties[] = [
	folderProperty({
		displayName: 'Folder',
		name: 'searchFolder',
		description: 'The folder that is searched, without its sub-folders',
		preset: 'INBOX',
		displayOptions,
	}),
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		typeOptions: { minValue: 1 },
		default: 50,
		description: 'Max number of results to return',
		displayOptions,
	},
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
		displayOptions,
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		description: 'Only e-mails for which all filters hold',
		displayOptions,
		options: [
			{
				displayName: 'Flag',
				name: 'flagged',
				type: 'options',
				options: [
					{ name: 'Flagged', value: 'yes' },
					{ name: 'Not Flagged', value: 'no' },
				],
				default: 'yes',
			},
			{
				displayName: 'From',
				name: 'from',
				type: 'string',
				default: '',
				placeholder: 'e.g. ann@example.com',
				description: 'A part of the name or address of the sender',
			},
			{
				displayName: 'Label',
				name: 'label',
				type: 'string',
				default: '',
				placeholder: 'e.g. Invoice',
				description: 'E-mails that have this label, which IMAP calls a keyword',
			},
			{
				displayName: 'Read Status',
				name: 'read',
				type: 'options',
				options: [
					{ name: 'Read', value: 'yes' },
					{ name: 'Unread', value: 'no' },
				],
				default: 'no',
			},
			{
				displayName: 'Received Before',
				name: 'before',
				type: 'dateTime',
				default: '',
				description: 'When the server received the e-mail',
			},
			{
				displayName: 'Received Since',
				name: 'since',
				type: 'dateTime',
				default: '',
				description: 'When the server received the e-mail',
			},
			{
				displayName: 'Subject',
				name: 'subject',
				type: 'string',
				default: '',
				placeholder: 'e.g. invoice',
				description: 'A part of the subject',
			},
			{
				displayName: 'Text',
				name: 'text',
				type: 'string',
				default: '',
				placeholder: 'e.g. order 4711',
				description: 'What the e-mail contains anywhere, in its headers or its text',
			},
			{
				displayName: 'To',
				name: 'to',
				type: 'string',
				default: '',
				placeholder: 'e.g. support@example.com',
				description: 'A part of the name or address of a recipient',
			},
		],
	},
];
