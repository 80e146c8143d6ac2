import type { INodeProperties } from 'n8n-workflow';
import { folderProperty } from '../../bridge/folder-property';

const hide = { operation: ['search'] };

/** Which e-mail an operation is about. */
export const messageProperties: INodeProperties[] = [
	{
		displayName: 'Find Email By',
		name: 'findBy',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Message-ID',
				value: 'messageId',
				description: 'The newest e-mail of a folder that has this Message-ID',
			},
			{
				name: 'Reference',
				value: 'reference',
				description: 'The reference that each item of Email Trigger and of Search has',
			},
		],
		default: 'reference',
		displayOptions: { hide },
	},
	{
		displayName: 'Reference',
		name: 'reference',
		type: 'json',
		default: '={{ $json.reference }}',
		required: true,
		description:
			'The field “reference” of an item of Email Trigger, or of Search. If other nodes stand in between, refer to it by an expression.',
		displayOptions: { show: { findBy: ['reference'] }, hide },
	},
	{
		displayName: 'Message-ID',
		name: 'messageId',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. &lt;1234@example.com&gt;',
		displayOptions: { show: { findBy: ['messageId'] }, hide },
	},
	folderProperty({
		displayName: 'Folder',
		name: 'folder',
		description: 'The folder that the e-mail is in',
		preset: 'INBOX',
		displayOptions: { show: { findBy: ['messageId'] }, hide },
	}),
];
