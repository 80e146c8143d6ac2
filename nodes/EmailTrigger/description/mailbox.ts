import type { INodeProperties } from 'n8n-workflow';

/** Which mail of the account starts the workflow. */
export const mailboxProperties: INodeProperties[] = [
	{
		displayName: 'Folder',
		name: 'folder',
		type: 'resourceLocator',
		required: true,
		default: { mode: 'list', value: 'INBOX', cachedResultName: 'INBOX' },
		description: 'The folder that is watched',
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod: 'searchFolders', searchable: true },
			},
			{
				displayName: 'By Path',
				name: 'path',
				type: 'string',
				placeholder: 'e.g. INBOX/Invoices',
				hint: 'As the server names it, with its own separator',
			},
		],
	},
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
				name: 'Mark as Read',
				value: 'markRead',
				description: 'Once the workflow has finished with it',
			},
			{ name: 'Nothing', value: 'nothing', description: 'The e-mail stays as it is' },
		],
		default: 'markRead',
		description: 'What happens to the e-mail on the server after the workflow has run',
	},
];
