import type { INodeProperties } from 'n8n-workflow';
import { folderProperty } from '../../bridge/folder-property';

/** Which mail of the account starts the workflow. */
export const mailboxProperties: INodeProperties[] = [
	folderProperty({
		displayName: 'Folder',
		name: 'folder',
		preset: 'INBOX',
		description: 'The folder that is watched',
	}),
	{
		displayName: 'Start With',
		name: 'startWith',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'All Emails in the Folder',
				value: 'all',
				description: 'Everything that is there, then everything that arrives',
			},
			{
				name: 'Emails Received Since a Date',
				value: 'since',
				description: 'What has been received since then, read or not, then everything that arrives',
			},
			{
				name: 'New Emails Only',
				value: 'new',
				description: 'What arrives from now on',
			},
			{
				name: 'Unread Emails, Then New Ones',
				value: 'unread',
				description: 'What is unread now, then everything that arrives',
			},
		],
		default: 'new',
		description: 'Which e-mails are taken when this workflow is activated for the first time',
	},
	{
		displayName: 'Since',
		name: 'since',
		type: 'dateTime',
		required: true,
		default: '',
		displayOptions: { show: { startWith: ['since'] } },
		description: 'E-mails that the server received at this time or later',
	},
	{
		displayName: 'After Processing',
		name: 'afterProcessing',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'Add Keyword',
				value: 'keyword',
				description: 'A label that e-mail programs show, such as $Done',
			},
			{
				name: 'Delete',
				value: 'delete',
				description: 'For good; the one choice that changes a POP3 mailbox',
			},
			{ name: 'Flag', value: 'flag', description: 'With the star or flag of e-mail programs' },
			{ name: 'Mark as Read', value: 'markRead' },
			{ name: 'Move', value: 'move', description: 'To another folder' },
			{ name: 'Nothing', value: 'nothing', description: 'The e-mail stays as it is' },
		],
		default: 'markRead',
		description:
			'What happens to the e-mail on the server once it is acknowledged: after the workflow has run, unless the option Acknowledge says otherwise',
	},
	{
		displayName: 'Keyword',
		name: 'keyword',
		type: 'string',
		required: true,
		default: '',
		placeholder: 'e.g. $Done',
		displayOptions: { show: { afterProcessing: ['keyword'] } },
		description: 'One word without spaces; not every server can keep keywords of your own',
	},
	folderProperty({
		displayName: 'Target Folder',
		name: 'targetFolder',
		preset: '',
		displayOptions: { show: { afterProcessing: ['move'] } },
		description: 'Where processed e-mails are moved to',
	}),
];
