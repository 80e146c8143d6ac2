import type { ICredentialTestRequest, ICredentialType, INodeProperties } from 'n8n-workflow';
import { globalConnectorField } from './global-connector';
import { commonFields } from './microsoft-graph/common';
import { cloudFields, mailboxFields, useFields } from './microsoft-graph-oauth2/account';
import { signInFields } from './microsoft-graph-oauth2/sign-in';
import { clientFields } from './smtp-imap-oauth2/sign-in';

/** What stands otherwise for a connector that n8n itself signs in and tests. */
const ownDescriptions: Readonly<Record<string, string>> = {
	testAddress:
		'If filled, the operation Check Connector of Send Email sends an e-mail to this address',
	connectionTimeoutMs: 'How long to wait for Microsoft Graph, in milliseconds',
	caPem:
		'Certificate authorities of your own, PEM. They are trusted instead of the usual ones when e-mail is read and sent; n8n signs in and tests by its own (NODE_EXTRA_CA_CERTS).',
	proxyUrl:
		'Reach Microsoft Graph through an HTTP (CONNECT) or SOCKS5 proxy when e-mail is read and sent; n8n signs in and tests through its own (HTTPS_PROXY)',
};

/**
 * A mailbox of Microsoft 365, reached by Microsoft Graph as a user who has pressed Connect. n8n holds and renews the tokens.
 *
 * It extends n8n's plain OAuth2, not its Microsoft one: that has other fields in each release, and an administrator's
 * overwrite of it would put an app here that has no permission for mail.
 */
export class MicrosoftGraphMailOAuth2Api implements ICredentialType {
	name = 'microsoftGraphMailOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'Microsoft Graph Mail Connector OAuth2 API';

	documentationUrl =
		'https://github.com/n8n-nodes-email-connectors/n8n-nodes-email-connectors#microsoft-graph-oauth2-connector';

	icon = { light: 'file:connector.svg', dark: 'file:connector.dark.svg' } as const;

	properties: INodeProperties[] = [
		...useFields,
		...clientFields,
		...cloudFields,
		...signInFields,
		...mailboxFields,
		...commonFields.map((field) => ({
			...field,
			description: ownDescriptions[field.name] ?? field.description,
		})),
		globalConnectorField,
	];

	/**
	 * n8n takes no other test for types of OAuth2, and runs it where its API asks for it; its editor asks for none of them. It
	 * opens the inbox: a token alone proves no mailbox.
	 */
	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.mailboxUrl}}',
			url: '/mailFolders/inbox',
			qs: { $select: 'id' },
		},
		rules: [
			toRule(401, 'Microsoft does not accept the sign-in. Press Connect again.'),
			toRule(
				403,
				'Signed in, but this account may not open the mailbox. It needs Full Access to a shared mailbox, Shared Mailbox must be on for it, and the app needs the delegated permission Mail.ReadWrite (for a shared mailbox Mail.ReadWrite.Shared). Press Connect again after a change.',
			),
			toRule(
				404,
				'Signed in, but there is no such mailbox. Check Mailbox, and that the account has a licence for Exchange Online.',
			),
			toRule(429, 'Microsoft asks to slow down. Test again in a few minutes.'),
		],
	};
}

function toRule(value: number, message: string) {
	return { type: 'responseCode' as const, properties: { value, message } };
}
