import type { INodeProperties } from 'n8n-workflow';
import { perCloud, toEndpoint } from '../microsoft-endpoint';
import { choose, expression, fieldValue, hidden, text } from '../smtp-imap-oauth2/self';

const loginHost = perCloud((cloud) => text(cloud.loginHost), { other: fieldValue('loginHost') });
const graphHost = perCloud((cloud) => text(cloud.graphHost), { other: fieldValue('graphHost') });

/** Delegated permissions have a form of their own for mailboxes of others, which also holds for the own one. */
const toPermission = (name: string): string =>
	`"https://" + ${graphHost} + "/${name}" + ($self["sharedMailbox"] ? ".Shared " : " ")`;

/**
 * Only what the connector is for is asked for. A mail is sent as a draft, which is written into the mailbox, so that
 * sending needs both permissions. `offline_access` brings the refresh token, `openid` and `profile` the name of the account,
 * which n8n then shows.
 */
const scope = `${choose('useFor', {
	incoming: toPermission('Mail.ReadWrite'),
	both: `${toPermission('Mail.ReadWrite')} + ${toPermission('Mail.Send')}`,
})} + "openid profile offline_access"`;

/** `https://graph.microsoft.com/v1.0/users/support%40example.com`; the own mailbox is that of who has signed in. */
const mailboxUrl = `"https://" + ${graphHost} + "/v1.0/" + ($self["sharedMailbox"] ? "users/" + encodeURIComponent(${fieldValue('mailbox')}.trim()) : "me")`;

/** What n8n's OAuth2 API asks for, made of the other fields. */
export const signInFields: INodeProperties[] = [
	// Authorization code with PKCE (RFC 7636); a client secret is sent as well where there is one.
	hidden('Grant Type', 'grantType', 'pkce'),
	hidden('Authorization URL', 'authUrl', expression(toEndpoint(loginHost, 'authorize'))),
	hidden('Access Token URL', 'accessTokenUrl', expression(toEndpoint(loginHost, 'token'))),
	hidden('Scope', 'scope', expression(`${fieldValue('otherScope')} || (${scope})`)),
	hidden(
		'Auth URI Query Parameters',
		'authQueryParameters',
		'response_mode=query&prompt=select_account',
	),
	hidden('Authentication', 'authentication', 'body'),
	hidden('Mailbox URL', 'mailboxUrl', expression(mailboxUrl)),
];
