import { createGraphDriver } from '../../../mail/drivers/graph';
import { toGraphConnector, toGraphProfile } from '../../../nodes/bridge/graph-connector';
import { testConnector } from '../../../nodes/bridge/credential-test';
import { mail } from '../../contract/mailbox-driver';
import { silentLog } from '../../mail/drivers/imap/imap-connector';
import { startGraphTenant } from '../../support/graph-mailbox';
import type { MicrosoftTenant } from '../../support/microsoft-tenant/tenant';

let tenant: MicrosoftTenant;
let data: Record<string, string>;

beforeAll(async () => {
	tenant = await startGraphTenant();
});
afterAll(async () => await tenant.close());
beforeEach(() => {
	const { address } = tenant.addUser(`box${Math.random()}@contoso.example`, { password: 'right' });
	const application = tenant.registerApplication({
		secrets: ['s3cr3t~value'],
		appPermissions: ['Mail.ReadWrite', 'Mail.Send'],
		delegatedPermissions: ['Mail.ReadWrite', 'Mail.Send'],
	});
	const { host } = new URL(tenant.url);
	data = {
		tenant: tenant.directory.tenantId,
		clientId: application.clientId,
		clientSecret: 's3cr3t~value',
		mailbox: address,
		cloud: 'other',
		loginHost: host,
		graphHost: host,
		scope: 'https://graph.microsoft.com/.default',
		caPem: tenant.authorityPem,
	};
});

const test = async (changes: Record<string, string | boolean> = {}) =>
	await testConnector('microsoftGraphMailApi', {
		id: '1',
		name: 'Graph',
		type: 'microsoftGraphMailApi',
		data: { ...data, ...changes },
	});

describe('the connector by Microsoft Graph', () => {
	it('signs an app in by its secret and reads the mailbox', async () => {
		await tenant.mailbox(data['mailbox'] ?? '').deliver(mail('hello'));
		const driver = createGraphDriver(toGraphConnector(data), silentLog);
		const session = await driver.openFolder('INBOX', new AbortController().signal);
		const heads = await session.fetchHeads(await session.search({}));
		expect(heads).toMatchObject([{ head: { subject: 'hello' } }]);
	});

	it('is tested by opening the mailbox', async () => {
		const { status, message } = await test();
		expect(status).toBe('OK');
		expect(message).toContain(`for ${data['mailbox']}`);
		expect(message).toContain('INBOX holds 0 e-mails');
		const asUser = { signIn: 'userPassword', user: data['mailbox'] ?? '', password: 'right' };
		expect(await test(asUser)).toMatchObject({ status: 'OK' });
	});

	it('sends the test e-mail that is asked for', async () => {
		const testAddress = data['mailbox'] ?? '';
		const result = await test({ testAddress });
		expect(result).toMatchObject({ status: 'OK' });
		expect(result.message).toContain(`the test e-mail to ${testAddress} was accepted`);
		expect(await test()).toMatchObject({
			message: expect.stringContaining('INBOX holds 1 e-mail'),
		});
	});

	it.each([
		[{ clientSecret: 'another' }, 'AADSTS7000215'],
		[{ mailbox: 'nobody@contoso.example' }, 'mailbox'],
		[{ tenant: 'common' }, 'Tenant'],
		[{ clientSecret: '' }, 'Client Secret: must be filled'],
		[{ mailbox: 'a/b' }, 'Mailbox: must be the address'],
		[{ graphHost: 'https://graph.microsoft.com' }, 'Graph Host: must be a host name'],
		[{ enabled: false }, 'switched off'],
	])('says what is wrong: %p', async (changes, words) => {
		const result = await test(changes);
		expect(result.status).toBe('Error');
		expect(result.message).toContain(words);
		expect(result.message).not.toContain('s3cr3t~value');
	});

	it('says so where the app has no right on the mailbox', async () => {
		const application = tenant.registerApplication({
			secrets: ['s'],
			appPermissions: ['Mail.Send'],
		});
		const result = await test({ clientId: application.clientId, clientSecret: 's' });
		expect(result.status).toBe('Error');
		expect(result.message).toMatch(/right|permission/i);
	});

	it('receives, sends or both', () => {
		const sides = (useFor: string) => {
			const { incoming, outgoing } = toGraphConnector({ ...data, useFor });
			return [incoming?.protocol, outgoing?.protocol];
		};
		expect(sides('both')).toEqual(['graph', 'graph']);
		expect(sides('incoming')).toEqual(['graph', undefined]);
		expect(sides('outgoing')).toEqual([undefined, 'graph']);
		expect(toGraphProfile(data, 'Desk')).toMatchObject({
			name: 'Desk',
			identity: { primaryAddress: data['mailbox'] },
		});
	});

	it.each([
		['global', 'https://graph.microsoft.com'],
		['usGovHigh', 'https://graph.microsoft.us'],
		['usGovDod', 'https://dod-graph.microsoft.us'],
		['china', 'https://microsoftgraph.chinacloudapi.cn'],
	])('knows the cloud %s', (cloud, origin) => {
		expect(toGraphConnector({ ...data, cloud }).incoming).toMatchObject({ origin });
	});
});
