import { accountKey } from '../../../mail/connector';
import { checkConnector } from '../../../mail/check';
import { createGraphDriver } from '../../../mail/drivers/graph';
import {
	toGraphOAuth2Connector,
	toGraphOAuth2Profile,
} from '../../../nodes/bridge/graph-oauth2-connector';
import { mail } from '../../contract/mailbox-driver';
import { silentLog } from '../../mail/drivers/imap/imap-connector';
import { ScriptedTokens } from '../../support/access-tokens';
import { startGraphTenant } from '../../support/graph-mailbox';
import type { Application } from '../../support/microsoft-tenant/directory/application';
import type { User } from '../../support/microsoft-tenant/directory/user';
import type { MicrosoftTenant } from '../../support/microsoft-tenant/tenant';

let tenant: MicrosoftTenant;
let application: Application;
let anna: User;
let sales: User;
let data: Record<string, unknown>;

beforeAll(async () => {
	tenant = await startGraphTenant();
});
afterAll(async () => await tenant.close());
beforeEach(() => {
	anna = tenant.addUser(`anna${Math.random()}@contoso.example`);
	sales = tenant.addUser(`sales${Math.random()}@contoso.example`, { mailbox: 'shared' });
	application = tenant.registerApplication({
		secrets: ['s'],
		delegatedPermissions: ['Mail.ReadWrite', 'Mail.Send'],
	});
	data = {
		mailbox: anna.address,
		cloud: 'other',
		graphHost: new URL(tenant.url).host,
		caPem: tenant.authorityPem,
	};
});

const connect = (changes: Record<string, unknown> = {}, ...tokens: string[]) =>
	toGraphOAuth2Connector(
		{ ...data, ...changes },
		new ScriptedTokens(...(tokens.length > 0 ? tokens : [tenant.tokenFor(application, anna)])),
		'Desk',
	);
const paths = () => tenant.requests.all.map(({ url }) => new URL(url, tenant.url).pathname);

describe('the connector by Microsoft Graph as a user', () => {
	it('opens the mailbox of who has signed in, whatever name Microsoft knows the user by', async () => {
		await tenant.mailbox(anna.address).deliver(mail('hello'));
		const driver = createGraphDriver(connect(), silentLog);
		const session = await driver.openFolder('INBOX', new AbortController().signal);
		const heads = await session.fetchHeads(await session.search({}));
		expect(heads).toMatchObject([{ head: { subject: 'hello' } }]);
		expect(paths().filter((path) => path.includes('/users/'))).toEqual([]);
	});

	it('opens a shared mailbox that the user has access to, and sends from it', async () => {
		application.delegatedPermissions = ['Mail.ReadWrite.Shared', 'Mail.Send.Shared'];
		sales.fullAccess.add(anna.address);
		sales.sendAs.add(anna.address);
		const shared = { sharedMailbox: true, mailbox: sales.address, testAddress: anna.address };
		const { ok, summary } = await checkConnector(connect(shared));
		expect([ok, summary]).toEqual([true, expect.stringContaining(`for ${sales.address}`)]);
		expect(tenant.transport.sent.at(-1)?.message.content.from?.emailAddress.address).toBe(
			sales.address,
		);
	});

	it('says what is missing where the user may not open the shared mailbox', async () => {
		application.delegatedPermissions = ['Mail.ReadWrite.Shared', 'Mail.Send.Shared'];
		const { ok, summary } = await checkConnector(
			connect({ sharedMailbox: true, mailbox: sales.address }),
		);
		expect([ok, summary]).toEqual([false, expect.stringContaining('Full Access')]);
	});

	it('goes on with another token where the first has ended, and asks for no third', async () => {
		tenant.tokens.lifetimeSeconds = -1;
		const ended = [tenant.tokenFor(application, anna), tenant.tokenFor(application, anna)];
		tenant.tokens.lifetimeSeconds = 3_600;
		const fresh = tenant.tokenFor(application, anna);
		const incoming = { useFor: 'incoming' };
		expect(await checkConnector(connect(incoming, ended[0] ?? '', fresh))).toMatchObject({
			ok: true,
		});

		const before = tenant.requests.all.length;
		const { ok, error } = await checkConnector(connect(incoming, ...ended, fresh));
		expect([ok, error?.code]).toEqual([false, 'auth.expired']);
		expect(error?.remedy).toMatch(/connect/i);
		expect(tenant.requests.all.length - before).toBe(2);
	});

	it('knows the same mailbox again, whichever credential opens it', () => {
		const key = (connector: ReturnType<typeof connect>) =>
			connector.incoming && accountKey(connector.incoming);
		const another = toGraphOAuth2Connector({ ...data, mailbox: anna.address.toUpperCase() }, {
			...new ScriptedTokens('t'),
			key: 'another',
		} as unknown as ScriptedTokens);
		expect(key(connect())).toBe(key(another));
		expect(key(connect())).not.toBe(key(connect({ mailbox: sales.address })));
	});

	it('receives, sends or both', () => {
		const sides = (useFor: string) => {
			const { incoming, outgoing } = connect({ useFor });
			return [incoming?.protocol, outgoing?.protocol];
		};
		expect(sides('both')).toEqual(['graph', 'graph']);
		expect(sides('incoming')).toEqual(['graph', undefined]);
		expect(sides('outgoing')).toEqual([undefined, 'graph']);
		expect(toGraphOAuth2Profile(data, 'Desk')).toMatchObject({
			name: 'Desk',
			identity: { primaryAddress: anna.address },
		});
		expect(() => toGraphOAuth2Profile({ ...data, useFor: 'incoming' })).toThrow('does not send');
	});

	it.each([
		[{ mailbox: '' }, 'Mailbox: must be filled'],
		[{ sharedMailbox: true, mailbox: 'a/b' }, 'Mailbox: must be the address'],
		[{ graphHost: 'https://graph.microsoft.com' }, 'Graph Host: must be a host name'],
		[{ graphHost: '' }, 'Graph Host: must be filled'],
		[{ sharedMailbox: 'yes' }, 'Shared Mailbox: must be true or false'],
	])('says what is wrong: %p', (changes, words) => {
		expect(() => connect(changes)).toThrow(words);
	});

	it.each([
		['global', 'https://graph.microsoft.com'],
		['usGovHigh', 'https://graph.microsoft.us'],
		['usGovDod', 'https://dod-graph.microsoft.us'],
		['china', 'https://microsoftgraph.chinacloudapi.cn'],
	])('knows the cloud %s', (cloud, origin) => {
		expect(connect({ cloud }).incoming).toMatchObject({ origin });
	});
});
