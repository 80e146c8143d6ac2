import type { INodeProperties } from 'n8n-workflow';
import { perCloud, toEndpoint } from '../microsoft-endpoint';
import { choose, expression, fieldValue, hidden, text } from './self';

/*
 * The fields of n8n's OAuth2 API that a provider decides. They are hidden: what people fill in themselves has a name of
 * its own, because n8n's editor keeps one value for all fields of a name.
 */

const toMicrosoft = (name: 'authorize' | 'token'): string =>
	toEndpoint(
		perCloud(({ loginHost }) => text(loginHost)),
		name,
	);

/**
 * Of Exchange Online, never of Graph: one token is good for one resource. Only what the connector is for is asked for;
 * `offline_access` brings the refresh token.
 */
const microsoftScope = perCloud(({ scopeHost }) => {
	const incoming = choose('incomingProtocol', {
		pop3: text(`https://${scopeHost}/POP.AccessAsUser.All `),
		imap: text(`https://${scopeHost}/IMAP.AccessAsUser.All `),
	});
	const outgoing = text(`https://${scopeHost}/SMTP.Send `);
	return `${choose('useFor', {
		incoming,
		outgoing,
		both: `${incoming} + ${outgoing}`,
	})} + "offline_access"`;
});

const perProvider = (google: string, microsoft: string, other: string): string =>
	expression(choose('provider', { google, microsoft, other }));

export const signInFields: INodeProperties[] = [
	// Authorization code with PKCE (RFC 7636); a client secret is sent as well where there is one.
	hidden('Grant Type', 'grantType', 'pkce'),
	hidden(
		'Authorization URL',
		'authUrl',
		perProvider(
			text('https://accounts.google.com/o/oauth2/v2/auth'),
			toMicrosoft('authorize'),
			fieldValue('otherAuthUrl'),
		),
	),
	hidden(
		'Access Token URL',
		'accessTokenUrl',
		perProvider(
			text('https://oauth2.googleapis.com/token'),
			toMicrosoft('token'),
			fieldValue('otherAccessTokenUrl'),
		),
	),
	hidden(
		'Scope',
		'scope',
		// Google has one scope for IMAP, POP and SMTP ("OAuth 2.0 Mechanism").
		perProvider(text('https://mail.google.com/'), microsoftScope, fieldValue('otherScope')),
	),
	hidden(
		'Auth URI Query Parameters',
		'authQueryParameters',
		perProvider(
			// Without them Google gives a refresh token at the first consent only, or none at all.
			text('access_type=offline&prompt=consent'),
			text('response_mode=query&prompt=select_account'),
			fieldValue('otherAuthQuery'),
		),
	),
	hidden(
		'Authentication',
		'authentication',
		perProvider(text('body'), text('body'), fieldValue('clientAuthentication')),
	),
];

/** The application that is registered with the provider. */
export const clientFields: INodeProperties[] = [
	{
		displayName: 'Client ID',
		name: 'clientId',
		type: 'string',
		default: '',
		required: true,
		description: 'Of the application that you have registered with the provider',
	},
	{
		displayName: 'Client Secret',
		name: 'clientSecret',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		description: 'The value of the secret, not its ID. Empty where the provider has given none.',
	},
];
