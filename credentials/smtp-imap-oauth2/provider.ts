import type { INodeProperties } from 'n8n-workflow';
import { microsoftCloudNames, microsoftClouds } from '../../mail/microsoft-cloud';
import { shownWhere } from '../smtp-imap/condition';
import { enabledField, useForField } from '../usage';

const google = [{ provider: ['google'] }];
const microsoft = [{ provider: ['microsoft'] }];
const other = [{ provider: ['other'] }];

const DOCUMENTS =
	'https://github.com/n8n-nodes-email-connectors/n8n-nodes-email-connectors/blob/main/docs';

function notice(name: string, html: string): INodeProperties {
	return { displayName: html, name, type: 'notice', default: '' };
}

/** Who the account is with, and what for. */
export const providerFields: INodeProperties[] = [
	{
		displayName: 'Provider',
		name: 'provider',
		type: 'options',
		noDataExpression: true,
		options: [
			{ name: 'Google', value: 'google', description: 'Gmail and Google Workspace' },
			{ name: 'Microsoft', value: 'microsoft', description: 'Microsoft 365 and Outlook.com' },
			{ name: 'Other', value: 'other', description: 'Any server that takes XOAUTH2' },
		],
		default: 'google',
		description: 'A known provider brings its servers and addresses along, Other asks for them',
	},
	...shownWhere(google, [
		notice(
			'googleHint',
			`You need an OAuth client of type Web application, with the redirect URL above. <a href="${DOCUMENTS}/google.md" target="_blank">Step by step</a>.`,
		),
	]),
	...shownWhere(microsoft, [
		notice(
			'microsoftHint',
			`You need an app registration of type Web, with the redirect URL above, and the delegated permissions IMAP.AccessAsUser.All or POP.AccessAsUser.All, and SMTP.Send. For Microsoft 365 without IMAP and SMTP use a Graph connector. <a href="${DOCUMENTS}/microsoft-365.md" target="_blank">Step by step</a>.`,
		),
		{
			displayName: 'Cloud',
			name: 'cloud',
			type: 'options',
			options: microsoftCloudNames.map((value) => ({
				name: microsoftClouds[value].displayName,
				value,
			})),
			default: 'global',
			description: 'In which of its clouds Microsoft holds the mailbox',
		},
		{
			displayName: 'Tenant',
			name: 'tenant',
			type: 'string',
			default: 'organizations',
			placeholder: 'e.g. contoso.onmicrosoft.com',
			description:
				'The ID or a domain of the organization. <code>organizations</code> is for applications of several organizations, <code>consumers</code> for Outlook.com.',
		},
	]),
	...shownWhere(other, [
		{
			displayName: 'Authorization URL',
			name: 'otherAuthUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://login.example.com/oauth2/authorize',
		},
		{
			displayName: 'Access Token URL',
			name: 'otherAccessTokenUrl',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. https://login.example.com/oauth2/token',
		},
		{
			displayName: 'Scope',
			name: 'otherScope',
			type: 'string',
			default: '',
			description: 'What to ask the provider for, separated by spaces',
		},
		{
			displayName: 'Auth URI Query Parameters',
			name: 'otherAuthQuery',
			type: 'string',
			default: '',
			placeholder: 'e.g. access_type=offline',
			description: 'What the provider wants beside the usual, often to give a refresh token',
		},
		{
			displayName: 'Client Authentication',
			name: 'clientAuthentication',
			type: 'options',
			options: [
				{ name: 'Body', value: 'body', description: 'Send ID and secret in the body' },
				{ name: 'Header', value: 'header', description: 'Send ID and secret as Basic Auth header' },
			],
			default: 'body',
		},
	]),
];

export const useFields: INodeProperties[] = [
	{
		...useForField,
		description:
			'What the connector may do. Connect again after a change: Microsoft gives other permissions for it.',
	},
	enabledField,
	// The fields that are shared with the SMTP/IMAP connector depend on it.
	{ displayName: 'Email Service', name: 'emailService', type: 'hidden', default: 'other' },
];

export const accountFields: INodeProperties[] = [
	{
		displayName: 'User',
		name: 'user',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. support@example.com',
		description:
			'The address of the mailbox. For a shared mailbox its own address: the account that you connect must have access to it.',
	},
	notice(
		'testHint',
		'Connecting proves the sign-in, not the mailbox. The operation Check Connector of Send Email signs in to the servers and says step by step what works.',
	),
];
