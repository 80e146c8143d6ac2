import type { INodeProperties } from 'n8n-workflow';
import { shownWhere } from '../smtp-imap/condition';
import { enabledField, useForField } from '../usage';
import { app, appByGraph, appByServers, relay } from './condition';

const GUIDE =
	'https://github.com/n8n-nodes-email-connectors/n8n-nodes-email-connectors/blob/main/docs/microsoft-365.md';

function notice(name: string, html: string): INodeProperties {
	return { displayName: html, name, type: 'notice', default: '' };
}

/** What the certificate is for. */
export const useFields: INodeProperties[] = [
	{
		displayName: 'Use',
		name: 'use',
		type: 'options',
		noDataExpression: true,
		options: [
			{
				name: 'App Sign-In',
				value: 'appOnly',
				description: 'The certificate signs an app in: it receives and sends, without a user',
			},
			{
				name: 'SMTP Relay (Sending Only)',
				value: 'relay',
				description:
					'An inbound connector of Exchange knows this n8n server by the certificate or its IP address',
			},
		],
		default: 'appOnly',
	},
	...shownWhere(app, [
		{
			displayName: 'Protocol',
			name: 'protocol',
			type: 'options',
			noDataExpression: true,
			options: [
				{
					name: 'IMAP and SMTP',
					value: 'imap',
					description:
						'New emails are noticed at once. SMTP has to be switched on for the mailbox.',
				},
				{
					name: 'Microsoft Graph (Recommended)',
					value: 'graph',
					description:
						'Needs nothing but permissions. Looks every 20 seconds; sends files up to 150 MB.',
				},
				{
					name: 'POP3 and SMTP',
					value: 'pop3',
					description: 'Looks once a minute; one folder, no flags',
				},
			],
			default: 'graph',
			description: 'How the mailbox is reached. The app needs other permissions for each.',
		},
	]),
	...shownWhere(appByGraph, [
		notice(
			'graphHint',
			`An administrator registers an app, uploads the certificate, and allows the app Mail.ReadWrite and, to send, Mail.Send; RBAC for Applications limits it to this mailbox. <a href="${GUIDE}" target="_blank">Step by step</a>.`,
		),
	]),
	...shownWhere(appByServers, [
		notice(
			'appHint',
			`An administrator registers an app, uploads the certificate, grants IMAP.AccessAsApp, POP.AccessAsApp and SMTP.SendAsApp, and gives the app access to the mailbox. <a href="${GUIDE}" target="_blank">Step by step</a>.`,
		),
	]),
	...shownWhere(app, [useForField]),
	...shownWhere(relay, [
		notice(
			'relayHint',
			`Exchange needs an inbound connector of type "Your organization's email server" that knows this certificate or IP address. Many cloud providers block port 25. <a href="${GUIDE}" target="_blank">Step by step</a>.`,
		),
	]),
	enabledField,
];
