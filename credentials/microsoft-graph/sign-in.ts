import type { INodeProperties } from 'n8n-workflow';
import { cloudField, otherCloudFields } from '../microsoft-cloud-field';
import { shownWhere } from '../smtp-imap/condition';
import { enabledField, useForField } from '../usage';

const text: Pick<INodeProperties, 'type' | 'default'> = { type: 'string', default: '' };
const required = { ...text, required: true } as const;
const secret = { ...text, typeOptions: { password: true } } as const;

const asUser: Parameters<typeof shownWhere>[0] = [{ signIn: ['userPassword'] }];
const asApp: Parameters<typeof shownWhere>[0] = [{ signIn: ['clientSecret'] }];

const clientSecret = {
	...secret,
	displayName: 'Client Secret',
	name: 'clientSecret',
	description: 'The value of the secret, not its ID',
};

/** Who signs in, where, and for which mailbox. */
export const signInFields: INodeProperties[] = [
	useForField,
	enabledField,
	{
		displayName: 'Sign In As',
		name: 'signIn',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'App (Client Secret)',
				value: 'clientSecret',
				description: 'An app reads and sends without a user',
			},
			{
				name: 'User (Password)',
				value: 'userPassword',
				description: 'Microsoft advises against it',
			},
		],
		default: 'clientSecret',
	},
	...shownWhere(asUser, [
		{
			displayName:
				'Microsoft advises against signing in with a password: it fails with multi-factor authentication and with most policies. Use an app, or the connector with OAuth2.',
			name: 'passwordWarning',
			type: 'notice',
			default: '',
		},
	]),
	...shownWhere(asApp, [
		{
			displayName:
				'The app needs the application permission Mail.ReadWrite, and to send also Mail.Send, with the consent of an administrator. They reach every mailbox unless RBAC for Applications limits them.',
			name: 'appHint',
			type: 'notice',
			default: '',
		},
	]),
	{
		...required,
		displayName: 'Tenant',
		name: 'tenant',
		placeholder: 'e.g. contoso.onmicrosoft.com',
		description: 'The directory (tenant) ID, or a domain of the organization',
	},
	{
		...required,
		displayName: 'Client ID',
		name: 'clientId',
		description: 'The application (client) ID of the app registration',
	},
	...shownWhere(asApp, [{ ...clientSecret, required: true }]),
	...shownWhere(asUser, [
		{
			...clientSecret,
			description: 'The value of the secret, not its ID. Empty where the app is a public client.',
		},
		{ ...required, displayName: 'User', name: 'user', placeholder: 'e.g. name@example.com' },
		{ ...secret, displayName: 'Password', name: 'password', required: true },
	]),
	{
		...required,
		displayName: 'Mailbox',
		name: 'mailbox',
		placeholder: 'e.g. support@example.com',
		description: 'The address of the mailbox, which may be a shared one',
	},
	cloudField,
	...otherCloudFields({
		name: 'scope',
		placeholder: 'e.g. https://graph.microsoft.com/.default',
		description: 'If empty, that of the Graph host',
	}),
];
