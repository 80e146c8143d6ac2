import { createTransport } from 'nodemailer';
import { certificateAuthority, signedCertificate, toPfxBase64 } from '../support/certificate';
import { startDovecot, type Dovecot } from '../support/dovecot';
import { startPostfix, type Postfix } from '../support/postfix';

const support = { user: 'support@example.test', pass: 'support-password' };

describe('the Postfix that tests start', () => {
	let dovecot: Dovecot;
	let postfix: Postfix;
	let relay: Postfix;

	beforeAll(async () => {
		dovecot = await startDovecot();
		[postfix, relay] = await Promise.all([
			startPostfix({
				dovecot,
				onlyOwnSender: true,
				messageSizeLimitBytes: 20_000,
				recipientAnswers: { 'blocked@example.org': '550 5.7.1 Not wanted here' },
			}),
			startPostfix({
				dovecot,
				auth: 'never',
				signInRequired: true,
				clientAuthorityPem: (await certificateAuthority()).certificatePem,
			}),
		]);
	});
	afterAll(async () => {
		await Promise.all([postfix.stop(), relay.stop()]);
		await dovecot.stop();
	});

	const send = async (server: Postfix, mail: object, options: object = {}): Promise<unknown> =>
		await createTransport({
			host: server.host,
			port: server.smtpPort,
			requireTLS: true,
			tls: { ca: server.caPem },
			...options,
		}).sendMail({ from: support.user, to: 'billing@example.test', subject: 'x', ...mail });

	it('delivers to Dovecot, by STARTTLS and by TLS', async () => {
		await send(postfix, { subject: 'By STARTTLS' }, { auth: support });
		await send(
			postfix,
			{ subject: 'By TLS' },
			{ auth: support, port: postfix.smtpsPort, secure: true },
		);
		const received = await dovecot.waitForMessages('billing@example.test', 2);
		expect(received.join('')).toMatch(/Subject: By TLS/);
	});

	it('rejects what its options name', async () => {
		const options = { auth: support };
		await expect(send(postfix, { to: 'blocked@example.org' }, options)).rejects.toMatchObject({
			responseCode: 550,
		});
		await expect(send(postfix, { to: 'nobody@example.test' }, options)).rejects.toMatchObject({
			responseCode: 550,
		});
		await expect(send(postfix, { from: 'billing@example.test' }, options)).rejects.toMatchObject({
			responseCode: 553,
		});
		await expect(send(postfix, { text: 'x\n'.repeat(20_000) }, options)).rejects.toMatchObject({
			responseCode: 552,
		});
		await expect(send(postfix, {}, { auth: { ...support, pass: 'wrong' } })).rejects.toMatchObject({
			responseCode: 535,
		});
		await expect(send(postfix, { to: 'a@example.org' })).rejects.toMatchObject({
			responseCode: 553,
		});
	});

	it('relays for a client certificate', async () => {
		const client = await signedCertificate({ names: ['client.example.test'] });
		const pfx = Buffer.from(await toPfxBase64(client, 'secret'), 'base64');
		await expect(send(relay, {})).rejects.toMatchObject({ responseCode: 554 });
		await send(
			relay,
			{ to: 'a@example.org' },
			{ tls: { ca: relay.caPem, pfx, passphrase: 'secret' } },
		);
	});

	it('is silent while paused', async () => {
		postfix.pause();
		const paused = send(postfix, {}, { auth: support, greetingTimeout: 200 });
		await expect(paused).rejects.toMatchObject({ code: 'ETIMEDOUT' });
		postfix.resume();
		await send(postfix, {}, { auth: support });
	});
});
