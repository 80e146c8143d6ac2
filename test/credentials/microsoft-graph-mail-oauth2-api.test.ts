import { NodeHelpers } from 'n8n-workflow';
import { MicrosoftGraphMailOAuth2Api } from '../../credentials/MicrosoftGraphMailOAuth2Api.credentials';
import { fieldLabels } from '../../nodes/bridge/connector-data';
import {
	graphOAuth2FieldLabels,
	toGraphOAuth2Connector,
} from '../../nodes/bridge/graph-oauth2-connector';
import { ScriptedTokens } from '../support/access-tokens';
import { toGivenData } from '../support/credential-data';

const credential = new MicrosoftGraphMailOAuth2Api();
const { properties } = credential;

const account = { mailbox: 'a@example.com', clientId: 'id' };
const GRAPH = 'https://graph.microsoft.com';
const IDENTITY = 'openid profile offline_access';

describe('the form of the Microsoft Graph OAuth2 connector', () => {
	it('builds on the OAuth2 of n8n', () => {
		expect(credential.extends).toEqual(['oAuth2Api']);
		expect(properties.map(({ name }) => name)).not.toContain('password');
	});

	it('calls its fields as errors do', () => {
		const labels: Record<string, string> = {
			...fieldLabels,
			...graphOAuth2FieldLabels,
			// What Exchange does with sent mail has another name than what we do with it.
			sentCopy: 'Sent Items',
		};
		const shared = properties.filter(({ name, type }) => name in labels && type !== 'hidden');
		expect(shared.length).toBeGreaterThan(15);
		for (const { name, displayName } of shared) {
			expect([name, displayName]).toEqual([name, labels[name]]);
		}
	});

	it('has one default for all fields of a name: the editor takes that of the first', () => {
		const defaults = new Map(properties.map((property) => [property.name, property.default]));
		for (const { name, default: own } of properties) {
			expect([name, own]).toEqual([name, defaults.get(name)]);
		}
	});

	it('shows no field twice at the same time', () => {
		for (const useFor of ['both', 'incoming', 'outgoing'])
			for (const cloud of ['global', 'other']) {
				const names = properties
					.filter((property) =>
						NodeHelpers.displayParameterPath({ useFor, cloud }, property, '', null, null),
					)
					.map(({ name }) => name);
				expect(names).toEqual([...new Set(names)]);
			}
	});

	it.each([
		[{ useFor: 'incoming' }, `${GRAPH}/Mail.ReadWrite ${IDENTITY}`],
		[{ useFor: 'outgoing' }, `${GRAPH}/Mail.ReadWrite ${GRAPH}/Mail.Send ${IDENTITY}`],
		[{ useFor: 'both' }, `${GRAPH}/Mail.ReadWrite ${GRAPH}/Mail.Send ${IDENTITY}`],
		[{ useFor: 'incoming', sharedMailbox: true }, `${GRAPH}/Mail.ReadWrite.Shared ${IDENTITY}`],
		[
			{ sharedMailbox: true },
			`${GRAPH}/Mail.ReadWrite.Shared ${GRAPH}/Mail.Send.Shared ${IDENTITY}`,
		],
		[
			{ useFor: 'incoming', cloud: 'china' },
			`https://microsoftgraph.chinacloudapi.cn/Mail.ReadWrite ${IDENTITY}`,
		],
		[
			{ useFor: 'incoming', cloud: 'other', graphHost: 'graph.example.com' },
			`https://graph.example.com/Mail.ReadWrite ${IDENTITY}`,
		],
		[{ cloud: 'other', graphHost: 'graph.example.com', otherScope: 'a b' }, 'a b'],
	])('asks for no more than %j needs', (values, scope) => {
		expect(toGivenData(properties, { ...account, ...values })).toMatchObject({ scope });
	});

	it.each([
		[{}, 'https://login.microsoftonline.com/organizations/oauth2/v2.0'],
		[{ tenant: ' contoso.com ' }, 'https://login.microsoftonline.com/contoso.com/oauth2/v2.0'],
		[
			{ cloud: 'usGovDod', tenant: 'a/../b' },
			'https://login.microsoftonline.us/a%2F..%2Fb/oauth2/v2.0',
		],
		[
			{ cloud: 'other', loginHost: 'login.example.com', graphHost: 'graph.example.com' },
			'https://login.example.com/organizations/oauth2/v2.0',
		],
	])('signs in at the cloud and tenant of %j', (values, endpoint) => {
		expect(toGivenData(properties, { ...account, ...values })).toMatchObject({
			grantType: 'pkce',
			authentication: 'body',
			authUrl: `${endpoint}/authorize`,
			accessTokenUrl: `${endpoint}/token`,
		});
	});

	it.each([
		[{}, `${GRAPH}/v1.0/me`],
		[{ sharedMailbox: true }, `${GRAPH}/v1.0/users/a%40example.com`],
		[{ sharedMailbox: true, mailbox: ' ../me?x=#' }, `${GRAPH}/v1.0/users/..%2Fme%3Fx%3D%23`],
		[{ cloud: 'usGovHigh' }, 'https://graph.microsoft.us/v1.0/me'],
	])('is tested by opening the inbox of %j', (values, mailboxUrl) => {
		expect(toGivenData(properties, { ...account, ...values })).toMatchObject({ mailboxUrl });
		expect(credential.test.request).toMatchObject({
			baseURL: '={{$credentials.mailboxUrl}}',
			url: '/mailFolders/inbox',
		});
	});

	it('gives what the connector needs', () => {
		const { incoming, outgoing } = toGraphOAuth2Connector(
			toGivenData(properties, account),
			new ScriptedTokens('t'),
		);
		expect([incoming?.protocol, outgoing?.protocol]).toEqual(['graph', 'graph']);
	});
});
