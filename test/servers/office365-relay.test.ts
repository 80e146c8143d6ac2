import type { INodeCredentialTestResult } from 'n8n-workflow';
import { testConnector } from '../../nodes/bridge/credential-test';
import {
	type Certificate,
	certificateAuthority,
	pfxEncryptions,
	signedCertificate,
	toPfxBase64,
} from '../support/certificate';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { type Postfix, startPostfix } from '../support/postfix';

/** A Postfix that relays for one client certificate only, known by its fingerprint, as an inbound connector of Exchange. */
describe('a relay that knows one certificate', () => {
	let dovecot: Dovecot;
	let postfix: Postfix;
	let known: Certificate;

	beforeAll(async () => {
		known = await signedCertificate({ names: ['n8n.example.test'], key: 'rsa' });
		dovecot = await startDovecot();
		postfix = await startPostfix({
			dovecot,
			auth: 'never',
			relayCertificates: [known.fingerprint],
		});
	});
	afterAll(async () => {
		await postfix.stop();
		await dovecot.stop();
	});

	async function test(
		certificate: Certificate,
		encryption: readonly string[],
		changes: Record<string, string> = {},
	): Promise<INodeCredentialTestResult> {
		return await testConnector('office365CertificateApi', {
			id: '1',
			name: 'Relay',
			type: 'office365CertificateApi',
			data: {
				use: 'relay',
				outgoingHost: postfix.host,
				outgoingPort: postfix.smtpPort,
				relayAuthentication: 'certificate',
				pfx: await toPfxBase64(certificate, 'pass', { encryption }),
				pfxPassword: 'pass',
				primaryAddress: 'n8n@example.test',
				testAddress: 'somebody@example.org',
				connectionTimeoutMs: 10_000,
				caPem: (await certificateAuthority()).certificatePem,
				...changes,
			},
		});
	}

	it.each([
		['modern', pfxEncryptions.modern],
		['3DES', pfxEncryptions.tripleDes],
		['RC2 with 40 bits', pfxEncryptions.rc2],
	])('takes mail by it, from a .pfx encrypted: %s', async (_name, encryption) => {
		const { status, message } = await test(known, encryption);
		expect(message).toMatch(/the test e-mail to somebody@example\.org was accepted: 250/);
		expect(message).toMatch(/Certificate CN=n8n\.example\.test, .* days left/);
		expect(status).toBe('OK');
	});

	it('refuses another one with the sentence for it', async () => {
		const other = await signedCertificate({ names: ['other.example.test'], key: 'rsa' });
		const { status, message } = await test(other, pfxEncryptions.modern);
		expect(status).toBe('Error');
		expect(message).toMatch(/No inbound connector of Exchange knows this n8n server/);
		expect(message).toMatch(/550 5\.7\.64 .*TenantAttribution; Relay Access Denied/);
	});

	it('refuses mail without one, and an expired one is not even shown', async () => {
		const bare = await test(known, [], { relayAuthentication: 'none' });
		expect(bare.message).toMatch(/No inbound connector of Exchange knows this n8n server/);
		const expired = await signedCertificate({
			names: ['old.example.test'],
			key: 'rsa',
			expired: true,
		});
		const late = await test(expired, []);
		expect(late.message).toMatch(/the certificate has expired: it was valid until 2020-01-31/);
	});
});
