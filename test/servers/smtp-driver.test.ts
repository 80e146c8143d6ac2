import { simpleParser } from 'mailparser';
import type { Connector, OutgoingServer } from '../../mail/connector';
import { createSentFolder } from '../../mail/drivers/imap';
import { createSmtpSender, SharedPools } from '../../mail/drivers/smtp';
import type { MailError } from '../../mail/errors';
import { createOutbox, type Outbox } from '../../mail/outbox';
import { Patience } from '../../mail/outbox/patience';
import { Secret } from '../../mail/secret';
import { certificateAuthority, signedCertificate, toPfxBase64 } from '../support/certificate';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { type Postfix, startPostfix } from '../support/postfix';
import {
	attachment,
	login,
	outgoingMessage,
	recordingLog,
	sendingConnector,
} from '../support/sending';

const support = 'support@example.test';
const billing = { name: 'Billing', address: 'billing@example.test' };
const signIn = login(support, 'support-password');

describe('the SMTP driver and the outbox with Postfix and Dovecot', () => {
	let dovecot: Dovecot;
	let postfix: Postfix;
	let relay: Postfix;
	const outboxes: Outbox[] = [];

	beforeAll(async () => {
		dovecot = await startDovecot();
		[postfix, relay] = await Promise.all([
			startPostfix({
				dovecot,
				onlyOwnSender: true,
				auth: 'withTls',
				messageSizeLimitBytes: 3_000_000,
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
	afterEach(async () => {
		await Promise.all(outboxes.splice(0).map(async (outbox) => await outbox.close()));
	});
	afterAll(async () => {
		await Promise.all([postfix.stop(), relay.stop()]);
		await dovecot.stop();
	});

	function toConnector(
		server: Partial<OutgoingServer> = {},
		changes: Partial<Connector> = {},
	): Connector {
		return sendingConnector(
			{
				host: postfix.host,
				port: postfix.smtpPort,
				security: 'starttls',
				login: signIn,
				...server,
			},
			{ tls: { minVersion: 'TLSv1.2', allowUntrusted: false, caPem: postfix.caPem }, ...changes },
		);
	}

	function openOutbox(server?: Partial<OutgoingServer>, changes?: Partial<Connector>): Outbox {
		const connector = toConnector(server, changes);
		const log = recordingLog();
		const sentFolder =
			connector.incoming === undefined ? undefined : createSentFolder(connector, log);
		const sender = createSmtpSender(connector, new SharedPools(0));
		// Each failure is looked at by itself.
		const once = { tries: 1, firstPauseMs: 0, lastPauseMs: 0, patienceMs: 0 };
		const patience = new Patience(log, once);
		const outbox = createOutbox({ connector, sender, sentFolder, log, patience });
		outboxes.push(outbox);
		return outbox;
	}

	async function failure(outbox: Outbox, changes: Parameters<typeof outgoingMessage>[0] = {}) {
		return await outbox.send(outgoingMessage({ to: [billing], ...changes })).then(
			() => {
				throw new Error('It should have failed.');
			},
			(error: MailError) => error,
		);
	}

	it('deliver over STARTTLS and over TLS, and copy the same mail to the Sent folder', async () => {
		const incoming: Connector['incoming'] = {
			protocol: 'imap',
			host: dovecot.host,
			port: dovecot.imapsPort,
			security: 'tls',
			login: { user: support, password: new Secret('support-password') },
		};
		const content = Buffer.alloc(2_000_000, 'attached');
		const hidden = { name: '', address: 'hidden@elsewhere.test' };
		const outcome = await openOutbox({}, { incoming }).send(
			outgoingMessage({
				to: [billing],
				bcc: [hidden],
				subject: 'Grüße über STARTTLS',
				attachments: [attachment(content, { fileName: 'report.bin' })],
			}),
		);
		expect(outcome).toMatchObject({
			accepted: ['billing@example.test', 'hidden@elsewhere.test'],
			sentCopy: { status: 'saved', folder: 'Sent' },
		});
		await openOutbox({ port: postfix.smtpsPort, security: 'tls' }).send(
			outgoingMessage({ to: [billing], subject: 'Over TLS' }),
		);

		const received = await dovecot.waitForMessages('billing@example.test', 2);
		const mails = await Promise.all(received.map(async (raw) => await simpleParser(raw)));
		const big = mails.find(({ subject }) => subject === 'Grüße über STARTTLS');
		expect(big?.messageId).toBe(outcome.messageId);
		expect(big?.attachments[0]?.content.equals(content)).toBe(true);
		expect(received.join('')).not.toContain('hidden@');

		const [copy = '', ...more] = await dovecot.waitForMessages(support, 1, 'Sent');
		expect(more).toEqual([]);
		const kept = await simpleParser(copy);
		expect(kept.messageId).toBe(outcome.messageId);
		expect(kept.bcc).toMatchObject({ value: [hidden] });
	});

	it('get the delivery report that was asked for, and say that the server takes the wish', async () => {
		const outcome = await openOutbox().send(
			outgoingMessage({
				to: [billing],
				subject: 'With a report',
				deliveryReport: { notify: ['success'], returns: 'headers' },
			}),
		);
		expect(outcome.deliveryReport).toBe('requested');
		const [report = ''] = await dovecot.waitForMessages(support, 1);
		expect(report).toContain('report-type=delivery-status');
		expect(report).toMatch(/Final-Recipient: rfc822; *billing@example\.test/);
		expect(report).toContain(`Message-Id: ${outcome.messageId}`.slice(12));
	});

	it('send 100 mails over a few connections', async () => {
		const before = (await dovecot.messages('billing@example.test')).length;
		const outbox = openOutbox();
		const outcomes = await Promise.all(
			Array.from({ length: 100 }, (_, index) =>
				outbox.send(outgoingMessage({ to: [billing], subject: `Mail ${index}` })),
			),
		);
		expect(new Set(outcomes.map(({ messageId }) => messageId)).size).toBe(100);
		await dovecot.waitForMessages('billing@example.test', before + 100);
		const connections = (await postfix.logText()).match(/: connect from/g)?.length ?? 0;
		expect(connections).toBeLessThan(20);
	});

	it('refuse a wrong password in the words of the server', async () => {
		const outbox = openOutbox({ login: login(support, 'wrong') });
		const error = await failure(outbox);
		expect(error).toMatchObject({ code: 'auth.rejected', retryable: false });
		expect(error.message).toContain('535 5.7.8');
	});

	it('send no password over a connection on which the server does not take one', async () => {
		const error = await failure(openOutbox({ security: 'none' }));
		expect(error.code).toBe('auth.unavailable');
		expect(error.remedy).toContain('TLS');
	});

	it('trust nobody without the authority', async () => {
		const untrusting = { tls: { minVersion: 'TLSv1.2', allowUntrusted: false } } as const;
		const error = await failure(openOutbox({}, untrusting));
		expect(error.code).toBe('tls.untrusted');
	});

	it('tell which of the recipients were refused, and refuse when all were', async () => {
		const outbox = openOutbox();
		const blocked = { name: '', address: 'blocked@example.org' };
		const outcome = await outbox.send(outgoingMessage({ to: [billing, blocked] }));
		expect(outcome.accepted).toEqual(['billing@example.test']);
		expect(outcome.rejected).toMatchObject([
			{
				address: 'blocked@example.org',
				reply: expect.stringContaining('550 5.7.1') as string,
			},
		]);
		const error = await failure(outbox, { to: [blocked] });
		expect(error.code).toBe('recipient.rejected');
		expect(error.message).toContain('Not wanted here');
	});

	it('name the sender that the account may not use', async () => {
		const error = await failure(openOutbox(), { from: billing });
		expect(error.message).toContain('Sender address rejected: not owned by user');
		expect(error).toMatchObject({ code: 'sender.rejected', retryable: false });
	});

	it('refuse a mail that is larger than the server takes, before it is sent', async () => {
		const outbox = openOutbox();
		const large = attachment(Buffer.alloc(4_000_000));
		const error = await failure(outbox, { attachments: [large] });
		expect(error.code).toBe('message.tooLarge');
		await outbox.send(outgoingMessage({ to: [billing] }));
	});

	it('say that a sign-in is wanted where none was given', async () => {
		const outbox = openOutbox({ port: relay.smtpPort, login: undefined });
		const error = await failure(outbox);
		expect(error.message).toMatch(/5\.7\.1|530/);
	});

	it('sign in by client certificate', async () => {
		const pfx = await toPfxBase64(await signedCertificate({ names: ['n8n.example.test'] }), 'pass');
		const connector = {
			tls: {
				minVersion: 'TLSv1.2',
				allowUntrusted: false,
				caPem: relay.caPem,
				clientCertificate: { pfxBase64: new Secret(pfx), passphrase: new Secret('pass') },
			},
		} as const;
		const outbox = openOutbox({ port: relay.smtpPort, login: undefined }, connector);
		const outcome = await outbox.send(outgoingMessage({ to: [billing] }));
		expect(outcome.accepted).toEqual(['billing@example.test']);
	});

	it('give up a server that falls silent, within the time limit', async () => {
		const limits = { connectionTimeoutMs: 1_000, messagesPerSecond: 0, parallelConnections: 2 };
		const outbox = openOutbox({}, { limits });
		postfix.pause();
		try {
			const startMs = performance.now();
			const error = await failure(outbox);
			expect(error).toMatchObject({ code: 'connection.timeout', retryable: true });
			expect(performance.now() - startMs).toBeLessThan(3_000);
		} finally {
			postfix.resume();
		}
	});
});
