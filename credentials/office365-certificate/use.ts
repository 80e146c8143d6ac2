import type { INodeProperties } from 'n8n-workflow';
import { shownWhere } from '../smtp-imap/condition';
import { enabledField, useForField } from '../usage';
import { app, relay } from './condition';

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
		notice(
			'appHint',
			`An administrator registers an app, uploads the certificate, grants IMAP.AccessAsApp, POP.AccessAsApp and SMTP.SendAsApp, and gives the app access to the mailbox. <a href="${GUIDE}" target="_blank">Step by step</a>.`,
		),
		useForField,
	]),
	...shownWhere(relay, [
		notice(
			'relayHint',
			`Exchange needs an inbound connector of type "Your organization's email server" that knows this certificate or IP address. Many cloud providers block port 25. <a href="${GUIDE}" target="_blank">Step by step</a>.`,
		),
	]),
	enabledField,
];
