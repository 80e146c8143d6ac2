import type { INodeProperties } from 'n8n-workflow';

export const operationProperty: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [
		{
			name: 'Copy',
			value: 'copy',
			description: 'Put a copy of the e-mail into another folder',
			action: 'Copy an email',
		},
		{
			name: 'Delete',
			value: 'delete',
			description: 'Delete the e-mail from the server for good',
			action: 'Delete an email',
		},
		{
			name: 'Flag',
			value: 'flag',
			description: 'Set or remove the flag of the e-mail, a star in many mail programs',
			action: 'Flag an email',
		},
		{
			name: 'Get Attachments',
			value: 'getAttachments',
			description: 'Download the attachments of the e-mail as binary data',
			action: 'Get the attachments of an email',
		},
		{
			name: 'Get Message',
			value: 'getMessage',
			description: 'Read the e-mail, with its text',
			action: 'Get an email',
		},
		{
			name: 'Label',
			value: 'label',
			description: 'Add or remove labels, which IMAP calls keywords',
			action: 'Label an email',
		},
		{
			name: 'Mark as Read',
			value: 'markRead',
			action: 'Mark an email as read',
		},
		{
			name: 'Mark as Unread',
			value: 'markUnread',
			action: 'Mark an email as unread',
		},
		{
			name: 'Move',
			value: 'move',
			description: 'Move the e-mail into another folder',
			action: 'Move an email',
		},
		{
			name: 'Search',
			value: 'search',
			description: 'Find e-mails in a folder, the newest first',
			action: 'Search emails',
		},
	],
	default: 'getMessage',
};
