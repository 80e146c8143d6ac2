import type { INodeProperties } from 'n8n-workflow';
import { cloudField, otherCloudFields } from '../microsoft-cloud-field';
import { enabledField, useForField } from '../usage';

const text: Pick<INodeProperties, 'type' | 'default'> = { type: 'string', default: '' };
const required = { ...text, required: true } as const;

const DOCUMENT =
	'https://github.com/n8n-nodes-email-connectors/n8n-nodes-email-connectors/blob/main/docs/microsoft-365.md';

/** What the connector is for, and how the app is registered. */
export const useFields: INodeProperties[] = [
	{
		displayName: `You need an app registration of type Web, with the redirect URL above, and the delegated permissions of Microsoft Graph that this connector asks for: Mail.ReadWrite, to send also Mail.Send, for a shared mailbox both with .Shared. <a href="${DOCUMENT}" target="_blank">Step by step</a>.`,
		name: 'registrationHint',
		type: 'notice',
		default: '',
	},
	{
		...useForField,
		description:
			'What the connector may do. Connect again after a change: Microsoft gives other permissions for it.',
	},
	enabledField,
];

/** Where to sign in. */
export const cloudFields: INodeProperties[] = [
	{
		displayName: 'Tenant',
		name: 'tenant',
		type: 'string',
		default: 'organizations',
		placeholder: 'e.g. contoso.onmicrosoft.com',
		description:
			'The directory (tenant) ID, or a domain of the organization. <code>organizations</code> is for apps of several organizations, <code>consumers</code> for Outlook.com.',
	},
	cloudField,
	...otherCloudFields({
		name: 'otherScope',
		placeholder: 'e.g. https://graph.microsoft.com/Mail.ReadWrite offline_access',
		description: 'If empty, what Use For needs, at the Graph host',
	}),
];

/** Whose mailbox. */
export const mailboxFields: INodeProperties[] = [
	{
		displayName: 'Shared Mailbox',
		name: 'sharedMailbox',
		type: 'boolean',
		default: false,
		description:
			'Whether the mailbox is a shared one, or one of somebody else, that the account which you connect may open. Connect again after a change.',
	},
	{
		...required,
		displayName: 'Mailbox',
		name: 'mailbox',
		placeholder: 'e.g. support@example.com',
		description:
			'The address of the mailbox. Unless it is shared, it is that of the account which you connect.',
	},
	{
		displayName:
			'Connecting proves the sign-in, not the mailbox. The operation Check Connector of Send Email opens it and says step by step what works.',
		name: 'testHint',
		type: 'notice',
		default: '',
	},
];
