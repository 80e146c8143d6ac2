import { NodeHelpers, type INodeParameters } from 'n8n-workflow';
import { Office365CertificateApi } from '../../../credentials/Office365CertificateApi.credentials';
import { checkConnector } from '../../../mail/check';
import { createGraphDriver } from '../../../mail/drivers/graph';
import { testConnector } from '../../../nodes/bridge/credential-test';
import { certificateFieldLabels } from '../../../nodes/bridge/office365-certificate-data';
import {
	toCertificateConnector,
	toCertificateProfile,
} from '../../../nodes/bridge/office365-certificate';
import { openOutbox } from '../../../nodes/bridge/outbox';
import { mail } from '../../contract/mailbox-driver';
import { silentLog } from '../../mail/drivers/imap/imap-connector';
import { type Certificate, signedCertificate, toPfxBase64 } from '../../support/certificate';
import { startGraphTenant } from '../../support/graph-mailbox';
import type { Application } from '../../support/microsoft-tenant/directory/application';
import type { MicrosoftTenant } from '../../support/microsoft-tenant/tenant';
import { outgoingMessage } from '../../support/sending';

jest.setTimeout(60_000);

const PASSWORD = 'pfx-password';

const simple = {
	tenant: 'contoso.example',
	clientId: '00000000-0000-4000-8000-000000000001',
	mailbox: 'support@contoso.example',
	protocol: 'graph',
	pfx: 'MIIabc0',
	pfxPassword: PASSWORD,
};

describe('an Office 365 connector by certificate that uses Microsoft Graph', () => {
	it.each([
		['global', 'https://graph.microsoft.com'],
		['usGovHigh', 'https://graph.microsoft.us'],
		['usGovDod', 'https://dod-graph.microsoft.us'],
		['china', 'https://microsoftgraph.chinacloudapi.cn'],
	])('reads and sends by Graph of its cloud: %s', (cloud, origin) => {
		const { incoming, outgoing } = toCertificateConnector({ ...simple, cloud });
		const account = { protocol: 'graph', origin, mailbox: 'support@contoso.example' };
		expect([incoming, outgoing]).toMatchObject([account, account]);
	});

	it('asks for the hosts of another cloud, and for no mail servers', () => {
		const other = { ...simple, cloud: 'other', loginHost: 'login.example.com' };
		expect(() => toCertificateConnector(other)).toThrow('Graph Host: must be filled');
		expect(() => toCertificateConnector({ ...other, graphHost: 'https://a.example/' })).toThrow(
			'Graph Host: must be a host name alone',
		);
		const { incoming } = toCertificateConnector({ ...other, graphHost: 'graph.example.com:8443' });
		expect(incoming).toMatchObject({ origin: 'https://graph.example.com:8443' });
	});

	it.each([
		['incoming', true, false],
		['outgoing', false, true],
		['both', true, true],
	])('is for what it is used for: %s', (useFor, receives, sends) => {
		const { incoming, outgoing } = toCertificateConnector({ ...simple, useFor });
		expect([incoming !== undefined, outgoing !== undefined]).toEqual([receives, sends]);
	});

	it('is what a connector uses that says nothing else: the form and the engine agree', () => {
		const saved = { ...simple, protocol: undefined };
		const { properties } = new Office365CertificateApi();
		// n8n stores no value that is a default, and fills it in when it reads the credential.
		const given = NodeHelpers.getNodeParameters(properties, saved, true, false, null, null);
		for (const data of [saved, given]) {
			expect(toCertificateConnector(data)).toMatchObject({
				incoming: { protocol: 'graph', origin: 'https://graph.microsoft.com' },
				outgoing: { protocol: 'graph', origin: 'https://graph.microsoft.com' },
			});
		}
	});

	it('judges the certificates of Microsoft as every program does', () => {
		const pinned = { ...simple, pinnedFingerprint: 'ab'.repeat(32), allowUntrusted: true };
		expect(toCertificateConnector(pinned).tls).toMatchObject({
			pinnedFingerprint: undefined,
			allowUntrusted: false,
		});
	});

	it('takes no mailbox that leads elsewhere', () => {
		expect(() => toCertificateConnector({ ...simple, mailbox: '../me/x?' })).toThrow(
			'Mailbox: must be the address of a mailbox',
		);
	});

	it('shares its sign-in with nobody who has another certificate, password or protocol', () => {
		const keys = [simple, { ...simple, pfxPassword: 'other' }, { ...simple, pfx: 'MIIabd0' }].map(
			(data) => {
				const { incoming } = toCertificateConnector(data);
				return incoming?.protocol === 'graph' ? incoming.signInKey : undefined;
			},
		);
		const imap = toCertificateConnector({ ...simple, protocol: 'imap' }).incoming;
		const all = [...keys, imap?.protocol === 'imap' ? imap.login.tokens?.key : undefined];
		expect(new Set(all).size).toBe(4);
		expect(all).not.toContain(undefined);
	});

	it('keeps its identity in front of the global connector', () => {
		const { identity } = toCertificateProfile({ ...simple, fromName: 'Support' });
		expect(identity).toMatchObject({ primaryAddress: simple.mailbox, fromName: 'Support' });
	});
});

describe('the form of the Office 365 connector by certificate', () => {
	const { properties } = new Office365CertificateApi();
	const shown = (values: INodeParameters) =>
		Object.keys(NodeHelpers.getNodeParameters(properties, values, true, false, null, null) ?? {});

	it('calls its fields as errors do', () => {
		const labels: Readonly<Record<string, string>> = certificateFieldLabels;
		const wrong = properties.filter(
			({ name, displayName }) => name in labels && labels[name] !== displayName,
		);
		expect(wrong.map(({ name, displayName }) => [name, displayName])).toEqual([]);
	});

	it('asks by Graph for nothing that is a mail server’s', () => {
		const servers = [
			'mailboxServer',
			'smtpServer',
			'parallelConnections',
			'pinnedFingerprint',
			'allowUntrusted',
		];
		const byGraph = shown({ protocol: 'graph', cloud: 'other' });
		expect(byGraph.filter((name) => servers.includes(name))).toEqual([]);
		expect(byGraph).toEqual(
			expect.arrayContaining(['loginHost', 'graphHost', 'scope', 'pfx', 'testAddress', 'caPem']),
		);
		const byImap = shown({ protocol: 'imap', cloud: 'other' });
		expect(byImap).toEqual(expect.arrayContaining(['loginHost', 'scope', ...servers]));
		expect(byImap).not.toContain('graphHost');
	});

	it('offers for the copy what its protocol can do', () => {
		const copies = (values: INodeParameters) =>
			properties
				.filter((field) => field.name === 'sentCopy')
				.filter((field) =>
					NodeHelpers.displayParameter({ use: 'appOnly', ...values }, field, null, null),
				)
				.map(({ displayName }) => displayName);
		expect(copies({ protocol: 'graph', useFor: 'both' })).toEqual(['Sent Items']);
		expect(copies({ protocol: 'graph', useFor: 'outgoing' })).toEqual(['Sent Items']);
		expect(copies({ protocol: 'graph', useFor: 'incoming' })).toEqual([]);
		expect(copies({ protocol: 'imap', useFor: 'both' })).toEqual(['Copy to Sent Folder']);
		expect(copies({ protocol: 'imap', useFor: 'outgoing' })).toEqual([]);
		expect(copies({ protocol: 'pop3', useFor: 'both' })).toEqual([]);
	});

	it('shows a relay no field of an app', () => {
		const relay = shown({ use: 'relay' });
		const ofAnApp = ['protocol', 'tenant', 'clientId', 'mailbox', 'cloud', 'useFor', 'sentCopy'];
		expect(relay.filter((name) => ofAnApp.includes(name))).toEqual([]);
		expect(relay).toEqual(expect.arrayContaining(['outgoingHost', 'pfx', 'pinnedFingerprint']));
	});
});

describe('with a tenant', () => {
	let tenant: MicrosoftTenant;
	let certificate: Certificate;
	let pfx: string;
	let application: Application;
	let mailbox: string;
	let data: Record<string, string | number>;

	beforeAll(async () => {
		tenant = await startGraphTenant();
		certificate = await signedCertificate({ key: 'rsa', names: ['n8n.example.com'] });
		pfx = await toPfxBase64(certificate, PASSWORD);
	});
	afterAll(async () => await tenant.close());
	beforeEach(() => {
		mailbox = tenant.addUser(`box${Math.random()}@contoso.example`).address;
		application = tenant.registerApplication({
			certificates: [certificate.certificatePem],
			appPermissions: ['Mail.ReadWrite', 'Mail.Send'],
			mailboxScope: [mailbox],
		});
		const { host } = new URL(tenant.url);
		data = {
			tenant: tenant.directory.tenantId,
			clientId: application.clientId,
			mailbox,
			protocol: 'graph',
			cloud: 'other',
			loginHost: host,
			graphHost: host,
			scope: 'https://graph.microsoft.com/.default',
			pfx,
			pfxPassword: PASSWORD,
			caPem: tenant.authorityPem,
		};
	});

	const test = async (changes: Record<string, string | number> = {}) =>
		await testConnector('office365CertificateApi', {
			id: '1',
			name: 'Office',
			type: 'office365CertificateApi',
			data: { ...data, ...changes },
		});

	it('an app reads its mailbox and sends from it, and the copy is in Sent Items', async () => {
		await tenant.mailbox(mailbox).deliver(mail('hello'));
		const connector = toCertificateConnector(data);
		const session = await createGraphDriver(connector, silentLog).openFolder(
			'INBOX',
			new AbortController().signal,
		);
		const heads = await session.fetchHeads(await session.search({}));
		expect(heads).toMatchObject([{ head: { subject: 'hello' } }]);
		await session.close();

		const outbox = openOutbox(connector, silentLog);
		const from = { name: '', address: mailbox };
		const to = [{ name: '', address: 'ann@elsewhere.example' }];
		try {
			await outbox.send({ ...outgoingMessage({ subject: 'answer' }), from, to });
		} finally {
			await outbox.close();
		}
		const box = tenant.mailbox(mailbox);
		const sent = box.messagesIn(box.folder('sentitems'));
		expect(sent.map(({ content }) => content.subject)).toEqual(['answer']);
		expect(tenant.requests.leaks).toEqual([]);
	});

	it('the test proves the mailbox and says whose certificate it is', async () => {
		const { status, message } = await test();
		expect(status).toBe('OK');
		expect(message).toContain(`for ${mailbox}`);
		expect(message).toContain('INBOX holds 0 e-mails');
		expect(message).toMatch(
			/Certificate CN=n8n\.example\.com, issued by CN=Test authority, thumbprint [0-9A-F]{40}, .* days left/,
		);
		expect(message).not.toContain(PASSWORD);
	});

	it.each([
		['another password', () => ({ pfxPassword: 'another' }), 'wrong password of the .pfx'],
		['an unknown mailbox', () => ({ mailbox: 'nobody@contoso.example' }), 'mailbox'],
		['no host', () => ({ graphHost: '' }), 'Graph Host: must be filled'],
	])('has its sentence for %s', async (_what, changes, says) => {
		const { status, message } = await test(changes());
		expect([status, message]).toEqual(['Error', expect.stringContaining(says)]);
	});

	it('says that another mailbox than those of its scope is closed to it', async () => {
		const { address } = tenant.addUser(`closed${Math.random()}@contoso.example`);
		const { status, message } = await test({ mailbox: address });
		expect([status, message]).toEqual(['Error', expect.stringContaining('ErrorAccessDenied')]);
	});

	it('says that the tenant does not know the certificate', async () => {
		application.certificates = [];
		const { status, message } = await test();
		expect([status, message]).toEqual(['Error', expect.stringContaining('AADSTS700027')]);
	});

	it('the check reports the facts of the certificate, of an expired one too', async () => {
		const report = await checkConnector(toCertificateConnector(data));
		expect(report).toMatchObject({
			ok: true,
			certificate: {
				subject: 'CN=n8n.example.com',
				issuer: 'CN=Test authority',
				thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/),
				sha256: certificate.fingerprint,
				validFrom: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
				validUntil: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
				daysLeft: expect.any(Number),
			},
		});

		const old = await signedCertificate({ key: 'rsa', names: ['old.example.com'], expired: true });
		const expired = { ...data, pfx: await toPfxBase64(old, PASSWORD) };
		expect(await checkConnector(toCertificateConnector(expired))).toMatchObject({
			ok: false,
			summary: expect.stringContaining('the certificate has expired'),
			certificate: { validFrom: '2020-01-01', validUntil: '2020-01-31' },
		});

		const unreadable = { ...data, pfxPassword: 'another' };
		const { ok, certificate: facts } = await checkConnector(toCertificateConnector(unreadable));
		expect([ok, facts]).toEqual([false, undefined]);
	});
});
