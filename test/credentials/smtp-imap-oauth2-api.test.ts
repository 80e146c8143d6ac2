import { type INodeParameters, NodeHelpers } from 'n8n-workflow';
import { SmtpImapOAuth2Api } from '../../credentials/SmtpImapOAuth2Api.credentials';
import { fieldLabels } from '../../nodes/bridge/connector-data';
import { toOAuth2Connector } from '../../nodes/bridge/oauth2-connector';
import { ScriptedTokens } from '../support/access-tokens';
import { toGivenData } from '../support/credential-data';

const credential = new SmtpImapOAuth2Api();
const { properties } = credential;

const toVisible = (values: INodeParameters) => toGivenData(properties, values);

const account = { user: 'a@example.com', clientId: 'id' };
const OUTLOOK = 'https://outlook.office.com';

describe('the form of the SMTP/IMAP OAuth2 connector', () => {
	it('builds on the OAuth2 of n8n', () => {
		expect(credential.extends).toEqual(['oAuth2Api']);
		expect(properties.map(({ name }) => name)).not.toContain('password');
	});

	it('calls the fields that it shares as errors do', () => {
		const shared = properties.filter(({ name, type }) => name in fieldLabels && type !== 'hidden');
		expect(shared.length).toBeGreaterThan(15);
		for (const { name, displayName } of shared) {
			expect([name, displayName]).toEqual([
				name,
				Object.entries(fieldLabels).find(([key]) => key === name)?.[1],
			]);
		}
	});

	it('has one default for all fields of a name: the editor takes that of the first', () => {
		const defaults = new Map(properties.map((property) => [property.name, property.default]));
		for (const property of properties) {
			expect([property.name, property.default]).toEqual([
				property.name,
				defaults.get(property.name),
			]);
		}
	});

	it('shows no field twice at the same time', () => {
		for (const provider of ['google', 'microsoft', 'other'])
			for (const useFor of ['both', 'incoming', 'outgoing'])
				for (const incomingProtocol of ['imap', 'pop3']) {
					const values = { provider, useFor, incomingProtocol, emailService: 'other' };
					const names = properties
						.filter((property) =>
							NodeHelpers.displayParameterPath(values, property, '', null, null),
						)
						.map(({ name }) => name);
					expect(names).toEqual([...new Set(names)]);
				}
	});

	it('asks Google for mail, and for a refresh token', () => {
		expect(toVisible(account)).toMatchObject({
			grantType: 'pkce',
			authUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
			accessTokenUrl: 'https://oauth2.googleapis.com/token',
			scope: 'https://mail.google.com/',
			authQueryParameters: 'access_type=offline&prompt=consent',
			authentication: 'body',
		});
	});

	it.each([
		[{ useFor: 'incoming' }, `${OUTLOOK}/IMAP.AccessAsUser.All offline_access`],
		[
			{ useFor: 'incoming', incomingProtocol: 'pop3' },
			`${OUTLOOK}/POP.AccessAsUser.All offline_access`,
		],
		[{ useFor: 'outgoing', incomingProtocol: 'pop3' }, `${OUTLOOK}/SMTP.Send offline_access`],
		[{ useFor: 'both' }, `${OUTLOOK}/IMAP.AccessAsUser.All ${OUTLOOK}/SMTP.Send offline_access`],
		[
			{ useFor: 'incoming', cloud: 'usGovHigh' },
			'https://outlook.office365.us/IMAP.AccessAsUser.All offline_access',
		],
	])('asks Microsoft for no more than %j needs, of one resource', (values, scope) => {
		expect(toVisible({ ...account, provider: 'microsoft', ...values })).toMatchObject({ scope });
	});

	it.each([
		[{}, 'https://login.microsoftonline.com/organizations/oauth2/v2.0'],
		[{ tenant: ' contoso.com ' }, 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0'],
		[
			{ cloud: 'china', tenant: 'a/../b' },
			'https://login.partner.microsoftonline.cn/a%2F..%2Fb/oauth2/v2.0',
		],
	])('signs in at the cloud and tenant of %j', (values, endpoint) => {
		expect(toVisible({ ...account, provider: 'microsoft', ...values })).toMatchObject({
			authUrl: `${endpoint}/authorize`,
			accessTokenUrl: `${endpoint}/token`,
		});
	});

	it('takes addresses and scope of others as they are filled in', () => {
		const own = {
			otherAuthUrl: 'https://login.example.com/authorize',
			otherAccessTokenUrl: 'https://login.example.com/token',
			otherScope: 'mail',
			otherAuthQuery: 'a=b',
			clientAuthentication: 'header',
		};
		expect(toVisible({ ...account, provider: 'other', ...own })).toMatchObject({
			authUrl: own.otherAuthUrl,
			accessTokenUrl: own.otherAccessTokenUrl,
			scope: 'mail',
			authQueryParameters: 'a=b',
			authentication: 'header',
		});
	});

	it.each(['google', 'microsoft', 'other'])('gives what a connector of %s needs', (provider) => {
		const hosts = { incomingHost: 'imap.example.com', outgoingHost: 'smtp.example.com' };
		const data = toVisible({ ...account, provider, ...hosts });
		expect(toOAuth2Connector(data, new ScriptedTokens('t')).outgoing).toBeDefined();
	});
});
