import type { INodeProperties } from 'n8n-workflow';
import { copyPossible, outgoingUsed, shownWhere } from './condition';

const sender: INodeProperties[] = [
	{
		displayName: 'From Name',
		name: 'fromName',
		type: 'string',
		default: '',
		placeholder: 'e.g. Example Support',
		description: 'The name that recipients see',
	},
	{
		displayName: 'From Address',
		name: 'fromAddress',
		type: 'string',
		default: '',
		placeholder: 'e.g. support@example.com',
		description:
			'The address that recipients see, if it is not the primary one. Many servers accept only addresses that belong to the account.',
	},
	{
		displayName: 'Reply-To',
		name: 'replyTo',
		type: 'string',
		default: '',
		description: 'Where answers go, if not to the From address',
	},
	{
		displayName: 'Signature (Text)',
		name: 'signatureText',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		description: 'Stands below e-mails in plain text',
	},
	{
		displayName: 'Signature (HTML)',
		name: 'signatureHtml',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		description: 'Stands below e-mails in HTML',
	},
];

const testAddress: INodeProperties = {
	displayName: 'Send a Test Email To',
	name: 'testAddress',
	type: 'string',
	default: '',
	placeholder: 'e.g. me@example.com',
	description: 'If filled, testing the connector sends an e-mail to this address',
};

const sentCopy: INodeProperties = {
	displayName: 'Copy to Sent Folder',
	name: 'sentCopy',
	type: 'options',
	options: [
		{
			name: 'Automatic',
			value: 'automatic',
			description: 'Unless the provider does it by itself, as Gmail and Microsoft do',
		},
		{ name: 'Always', value: 'always' },
		{ name: 'Never', value: 'never' },
	],
	default: 'automatic',
	description: 'Whether sent e-mails are also stored in the Sent folder of the mailbox',
};

/** Who the mail is from. */
export const identityFields: INodeProperties[] = [
	{
		displayName: 'Primary Address',
		name: 'primaryAddress',
		type: 'string',
		default: '',
		placeholder: 'e.g. support@example.com',
		description:
			'The address of the mailbox, the main one if it has several. If empty, the user name is taken, which must be an address then.',
	},
	...shownWhere(outgoingUsed, sender),
	...shownWhere(copyPossible, [sentCopy]),
	...shownWhere(outgoingUsed, [testAddress]),
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		description: 'What the connector is for, for your colleagues',
	},
];
