import type { INodeProperties } from 'n8n-workflow';
import { cloudField } from '../microsoft-cloud-field';
import { shownWhere } from '../smtp-imap/condition';
import { anyOtherCloud, app, otherGraph, otherServers, relay } from './condition';

const required: Pick<INodeProperties, 'type' | 'default' | 'required'> = {
	type: 'string',
	default: '',
	required: true,
};

/** Who signs in, where, and to which mailbox. */
const appFields: INodeProperties[] = [
	...shownWhere(app, [
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
		{
			...required,
			displayName: 'Mailbox',
			name: 'mailbox',
			placeholder: 'e.g. support@example.com',
			description: 'The address of the mailbox, which may be a shared one',
		},
	]),
	...shownWhere(app, [cloudField]),
	...shownWhere(anyOtherCloud, [
		{
			...required,
			displayName: 'Sign-In Host',
			name: 'loginHost',
			placeholder: 'e.g. login.microsoftonline.com',
		},
	]),
	...shownWhere(otherGraph, [
		{
			...required,
			displayName: 'Graph Host',
			name: 'graphHost',
			placeholder: 'e.g. graph.microsoft.com',
		},
		{
			displayName: 'Scope',
			name: 'scope',
			type: 'string',
			default: '',
			placeholder: 'e.g. https://graph.microsoft.com/.default',
			description: 'If empty, that of the Graph host',
		},
	]),
	...shownWhere(otherServers, [
		{
			...required,
			displayName: 'Scope',
			name: 'scope',
			placeholder: 'e.g. https://outlook.office365.com/.default',
			description: 'The service that the app asks a token for, with /.default behind it',
		},
		{
			...required,
			displayName: 'Mailbox Server',
			name: 'mailboxServer',
			placeholder: 'e.g. outlook.office365.com:993',
			description: 'The IMAP or POP3 server with its TLS port',
		},
		{
			...required,
			displayName: 'SMTP Server',
			name: 'smtpServer',
			placeholder: 'e.g. smtp.office365.com:587',
			description: 'The SMTP server with its port for STARTTLS',
		},
	]),
];

const relayFields: INodeProperties[] = shownWhere(relay, [
	{
		...required,
		displayName: 'Outgoing Host',
		name: 'outgoingHost',
		placeholder: 'e.g. contoso-com.mail.protection.outlook.com',
		description: 'The MX target of your domain',
	},
	{
		displayName: 'Outgoing Port',
		name: 'outgoingPort',
		type: 'number',
		typeOptions: { minValue: 1, maxValue: 65535, numberPrecision: 0 },
		default: 25,
		description:
			'Microsoft takes 25 only. Another one is for a server of your own in between, where your network blocks it.',
	},
	{
		displayName: 'Authentication',
		name: 'relayAuthentication',
		type: 'options',
		options: [
			{
				name: 'Certificate (.pfx)',
				value: 'certificate',
				description: 'Exchange knows this n8n server by its TLS client certificate',
			},
			{
				name: 'None',
				value: 'none',
				description: 'Exchange knows this n8n server by its public IP address',
			},
		],
		default: 'certificate',
	},
]);

export const serverFields: INodeProperties[] = [...appFields, ...relayFields];
