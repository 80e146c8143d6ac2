import { Office365CertificateApi } from '../../../credentials/Office365CertificateApi.credentials';
import { connectorTypes } from '../../../nodes/bridge/connector-type';
import { testConnector } from '../../../nodes/bridge/credential-test';
import {
	readCertificate,
	toCertificateConnector,
	toCertificateProfile,
} from '../../../nodes/bridge/office365-certificate';
import { signedCertificate, toPfxBase64 } from '../../support/certificate';
import { startMicrosoftTenant } from '../../support/microsoft-tenant/tenant';

jest.setTimeout(60_000);

const PFX = 'MIIabc0';
const app = {
	use: 'appOnly',
	protocol: 'imap',
	tenant: 'contoso.example',
	clientId: '00000000-0000-4000-8000-000000000001',
	mailbox: 'support@contoso.example',
	pfx: PFX,
	pfxPassword: 'secret',
};
const relay = {
	use: 'relay',
	outgoingHost: 'contoso-example.mail.protection.outlook.com',
	primaryAddress: 'n8n@contoso.example',
	pfx: PFX,
	pfxPassword: 'secret',
};

describe('an Office 365 connector that signs in as an app', () => {
	it('receives by IMAP and sends by SMTP, with tokens instead of a password', () => {
		const { incoming, outgoing, identity, limits, tls } = toCertificateConnector(app);
		expect(incoming).toMatchObject({
			protocol: 'imap',
			host: 'outlook.office365.com',
			port: 993,
			security: 'tls',
			login: { user: 'support@contoso.example', tokens: { key: expect.any(String) } },
		});
		expect(outgoing).toMatchObject({
			host: 'smtp.office365.com',
			port: 587,
			security: 'starttls',
			login: { user: 'support@contoso.example' },
		});
		expect(identity.primaryAddress).toBe('support@contoso.example');
		expect(limits.parallelConnections).toBe(3);
		// The certificate is the app's, and is shown to no mail server.
		expect(tls.clientCertificate).toBeUndefined();
	});

	it('reads by POP3, and then puts no copy into a folder', () => {
		const { incoming, sentCopy } = toCertificateConnector({ ...app, protocol: 'pop3' });
		expect(incoming).toMatchObject({ protocol: 'pop3', port: 995 });
		expect(sentCopy).toBe('never');
	});

	it.each([
		['usGovHigh', 'outlook.office365.us', 'smtp.office365.us'],
		['usGovDod', 'outlook-dod.office365.us', 'smtp-dod.office365.us'],
		['china', 'partner.outlook.cn', 'smtp.partner.outlook.cn'],
	])('takes the servers of its cloud: %s', (cloud, mailbox, smtp) => {
		const connector = toCertificateConnector({ ...app, cloud });
		expect([connector.incoming, connector.outgoing]).toMatchObject([
			{ host: mailbox },
			{ host: smtp },
		]);
	});

	it('asks for the servers of another cloud', () => {
		const other = {
			...app,
			cloud: 'other',
			loginHost: 'login.example.com:8443',
			scope: 'https://outlook.example.com/.default',
			mailboxServer: 'outlook.example.com:1993',
			smtpServer: '[::1]:1587',
		};
		expect(toCertificateConnector(other)).toMatchObject({
			incoming: { host: 'outlook.example.com', port: 1993 },
			outgoing: { host: '::1', port: 1587 },
		});
		expect(() => toCertificateConnector({ ...other, loginHost: '' })).toThrow(
			'Sign-In Host: must be filled',
		);
		expect(() => toCertificateConnector({ ...other, mailboxServer: 'outlook' })).toThrow(
			'Mailbox Server: must be a host name and a port',
		);
	});

	it.each([
		['incoming', true, false],
		['outgoing', false, true],
		['both', true, true],
	])('is for what it is used for: %s', (useFor, receives, sends) => {
		const { incoming, outgoing } = toCertificateConnector({ ...app, useFor });
		expect([incoming !== undefined, outgoing !== undefined]).toEqual([receives, sends]);
	});

	it.each([
		['tenant', 'Tenant: must be filled'],
		['clientId', 'Client ID: must be filled'],
		['pfx', 'Certificate (.pfx as Base64): must be filled'],
	])('names the field that is missing: %s', (field, fault) => {
		expect(() => toCertificateConnector({ ...app, [field]: '' })).toThrow(fault);
	});

	it('shares its tokens with nobody who has another certificate or password', () => {
		const keys = [app, { ...app, pfxPassword: 'other' }, { ...app, pfx: 'MIIabd0' }].map((data) => {
			const { incoming } = toCertificateConnector(data);
			return incoming?.protocol === 'imap' ? incoming.login.tokens?.key : undefined;
		});
		expect(new Set(keys).size).toBe(3);
		expect(keys).not.toContain(undefined);
	});
});

describe('an Office 365 connector that relays', () => {
	it('shows its certificate on port 25, after STARTTLS', () => {
		const { incoming, outgoing, tls } = toCertificateConnector(relay);
		expect(incoming).toBeUndefined();
		expect(outgoing).toMatchObject({ port: 25, security: 'starttls' });
		expect(outgoing).not.toHaveProperty('login');
		expect(tls.clientCertificate?.pfxBase64.reveal()).toBe(PFX);
	});

	it('needs no certificate where the address is known', () => {
		const data = { ...relay, pfx: '', relayAuthentication: 'none' };
		expect(toCertificateConnector(data).tls.clientCertificate).toBeUndefined();
		expect(readCertificate(data)).toBeUndefined();
	});

	it('asks for its host and for who the mail is from', () => {
		expect(() => toCertificateConnector({ ...relay, outgoingHost: '' })).toThrow(
			'Outgoing Host: must be filled',
		);
		expect(() => toCertificateConnector({ ...relay, primaryAddress: '' })).toThrow(
			'Primary Address: must be filled',
		);
	});
});

describe('an Office 365 connector in front of the global one', () => {
	it('keeps its identity, and whether it may send', () => {
		expect(toCertificateProfile({ ...relay, fromName: 'n8n' }).identity).toMatchObject({
			primaryAddress: 'n8n@contoso.example',
			fromName: 'n8n',
		});
		expect(() => toCertificateProfile({ ...app, useFor: 'incoming' })).toThrow('does not send');
		expect(() => toCertificateProfile({ ...app, enabled: false })).toThrow('switched off');
	});

	it('has a field in the form for each that an administrator may write down', () => {
		const names = new Set(new Office365CertificateApi().properties.map(({ name }) => name));
		const { fields } = connectorTypes.office365CertificateApi;
		expect(fields.filter((name) => !names.has(name))).toEqual([]);
	});
});

describe('the test of an Office 365 connector', () => {
	const test = async (data: Record<string, string | number>) =>
		await testConnector('office365CertificateApi', {
			id: '1',
			name: 'Office',
			type: 'office365CertificateApi',
			data,
		});

	it('says what is wrong with the certificate, and tries nothing else', async () => {
		const certificate = await signedCertificate({ key: 'rsa', names: ['n8n.example.com'] });
		const file = await toPfxBase64(certificate, 'right');
		const result = await test({ ...app, pfx: file, pfxPassword: 'wrong' });
		expect(result).toEqual({
			status: 'Error',
			message: expect.stringContaining('wrong password of the .pfx'),
		});
	});

	it('says whose certificate it is, and that Microsoft does not know it', async () => {
		const tenant = await startMicrosoftTenant();
		try {
			const { clientId } = tenant.registerApplication();
			const certificate = await signedCertificate({ key: 'rsa', names: ['n8n.example.com'] });
			const { status, message } = await test({
				...app,
				tenant: tenant.directory.tenantId,
				clientId,
				cloud: 'other',
				loginHost: new URL(tenant.url).host,
				scope: 'https://outlook.office365.com/.default',
				// Something that answers: the walk to the server comes before the sign-in.
				mailboxServer: new URL(tenant.url).host,
				smtpServer: new URL(tenant.url).host,
				caPem: tenant.authorityPem,
				useFor: 'incoming',
				connectionTimeoutMs: 2_000,
				pfx: await toPfxBase64(certificate, 'secret'),
			});
			expect(status).toBe('Error');
			expect(message).toMatch(
				/Certificate CN=n8n\.example\.com, issued by CN=Test authority, thumbprint [0-9A-F]{40}, .* days left/,
			);
		} finally {
			await tenant.close();
		}
	});
});
