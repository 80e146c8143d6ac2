import type { Connector } from '../../mail/connector';
import { createImapDriver, createSentFolder } from '../../mail/drivers/imap';
import type { Timing } from '../../mail/drivers/imap/timing';
import { createPop3Driver } from '../../mail/drivers/pop3';
import { createSmtpSender, SharedPools } from '../../mail/drivers/smtp';
import { COMMAND_SILENCE_MS } from '../../mail/limits';
import { createMicrosoftTokens, TokenStore } from '../../mail/microsoft';
import { createOutbox } from '../../mail/outbox';
import { SelfFiling } from '../../mail/outbox/sent-copy';
import { Secret } from '../../mail/secret';
import { testConnector } from '../../nodes/bridge/credential-test';
import { toCertificateConnector } from '../../nodes/bridge/office365-certificate';
import { imapConnector, silentLog } from '../mail/drivers/imap/imap-connector';
import { signedCertificate, toPfxBase64 } from '../support/certificate';
import { startDovecot, type Dovecot } from '../support/dovecot';
import type { Application } from '../support/microsoft-tenant/directory/application';
import { type MicrosoftTenant, startMicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { startPostfix, type Postfix } from '../support/postfix';
import { pop3Connector } from '../support/pop3-connector';
import { until } from '../support/real-watch';
import { outgoingMessage } from '../support/sending';
import { WatchHost } from '../support/watch-host';

const SUPPORT = 'support@example.test';
const BILLING = 'billing@example.test';
const PASSWORD = 'pfx password';
const SCOPE = 'https://outlook.office365.com/.default';
const HOUR_MS = 60 * 60_000;

/** How far the clock of the tenant and of the tokens is ahead, ms. */
let aheadMs = 0;
const now = () => Date.now() + aheadMs;

let tenant: MicrosoftTenant;
let application: Application;
let pfx: string;
let dovecot: Dovecot;
let postfix: Postfix;

beforeAll(async () => {
	tenant = await startMicrosoftTenant({ now });
	for (const user of [SUPPORT, BILLING]) tenant.addUser(user, { mailbox: 'shared' });
	const certificate = await signedCertificate({ names: ['n8n.example.com'], key: 'rsa' });
	pfx = await toPfxBase64(certificate, PASSWORD);
	application = tenant.registerApplication({
		certificates: [certificate.certificatePem],
		appPermissions: ['IMAP.AccessAsApp', 'POP.AccessAsApp', 'SMTP.SendAsApp'],
		mailboxScope: [SUPPORT],
	});
	dovecot = await startDovecot({
		users: [SUPPORT, BILLING].map((user) => ({ user, password: 'unused' })),
		tokenCheck: { introspectionUrl: tenant.introspectionUrl, authorityPem: tenant.authorityPem },
	});
	postfix = await startPostfix({ dovecot, signInRequired: true });
});

afterAll(async () => {
	await postfix?.stop();
	await dovecot?.stop();
	await tenant?.close();
});

const loginHost = () => new URL(tenant.url).host;
const asked = () => tenant.signIn.requests.length;
/** The password database is asked first, and refuses. */
const countSignIns = async () => (await dovecot.logins()).filter(({ ok }) => ok).length;

/** What an administrator types into the connector. */
const credential = (changes: Readonly<Record<string, string>> = {}) => ({
	use: 'appOnly',
	protocol: 'imap',
	tenant: tenant.directory.tenantId,
	clientId: application.clientId,
	mailbox: SUPPORT,
	pfx,
	pfxPassword: PASSWORD,
	cloud: 'other',
	loginHost: loginHost(),
	scope: SCOPE,
	mailboxServer: `${dovecot.host}:${changes['protocol'] === 'pop3' ? dovecot.pop3sPort : dovecot.imapsPort}`,
	smtpServer: `${postfix.host}:${postfix.smtpPort}`,
	caPem: tenant.authorityPem,
	...changes,
});

async function readSubjects(connector: Connector): Promise<string[]> {
	const isPop3 = connector.incoming?.protocol === 'pop3';
	const driver = (isPop3 ? createPop3Driver : createImapDriver)(connector, silentLog);
	const session = await driver.openFolder('INBOX', new AbortController().signal);
	try {
		const heads = await session.fetchHeads(await session.search({}));
		return heads.map((read) => ('head' in read ? read.head.subject : 'unreadable'));
	} finally {
		await session.close();
	}
}

describe('an app that signs in by certificate', () => {
	it.each(['imap', 'pop3'])('reads its mailbox by %s, with one token for all', async (protocol) => {
		const connector = toCertificateConnector(credential({ protocol }));
		await dovecot.deliver(SUPPORT, { from: BILLING, subject: `by ${protocol}` });
		expect(await readSubjects(connector)).toContain(`by ${protocol}`);
		const before = asked();
		await Promise.all([readSubjects(connector), readSubjects(connector)]);
		expect(asked()).toBe(before);
	});

	it.each(['imap', 'pop3'])('opens no mailbox that it has no right to, by %s', async (protocol) => {
		const connector = toCertificateConnector(credential({ protocol, mailbox: BILLING }));
		await expect(readSubjects(connector)).rejects.toMatchObject({ code: 'auth.tokenRejected' });
	});

	it('sends, and puts one copy into the Sent folder', async () => {
		const connector = toCertificateConnector(credential({ sentCopy: 'always' }));
		const outbox = createOutbox({
			connector,
			sender: createSmtpSender(connector, new SharedPools(0)),
			sentFolder: createSentFolder(connector, silentLog),
			selfFiling: new SelfFiling(),
			log: silentLog,
		});
		try {
			const { sentCopy, messageId } = await outbox.send(
				outgoingMessage({ to: [{ name: '', address: BILLING }] }),
			);
			expect(sentCopy).toMatchObject({ status: 'saved' });
			const [arrived] = await dovecot.waitForMessages(BILLING, 1);
			expect(arrived).toContain(messageId);
			expect(await dovecot.messages(SUPPORT, 'Sent')).toEqual([expect.stringContaining(messageId)]);
		} finally {
			await outbox.close();
		}
	});

	it('is proven by the test of its connector, which says whose certificate it is', async () => {
		const { status, message } = await testConnector('office365CertificateApi', {
			id: '1',
			name: 'Support',
			type: 'office365CertificateApi',
			data: credential(),
		});
		expect(message).toMatch(/Certificate CN=n8n\.example\.com, .* days left/);
		expect(status).toBe('OK');
	});
});

describe('a watch of an app that signs in by certificate', () => {
	let host: WatchHost;

	beforeEach(() => {
		host = new WatchHost();
	});
	afterEach(async () => await host.close(async () => await Promise.resolve()));

	/** Its own tokens; `timeoutMs` for all that is waited for. */
	function options(timeoutMs: number) {
		const tls = {
			caPem: tenant.authorityPem,
			minVersion: 'TLSv1.2',
			allowUntrusted: false,
		} as const;
		const proof = {
			kind: 'certificate',
			certificate: { pfxBase64: new Secret(pfx), passphrase: new Secret(PASSWORD) },
		} as const;
		const { tenantId } = tenant.directory;
		const signIn = { loginHost: loginHost(), tenant: tenantId, scope: SCOPE, proof };
		const tokens = createMicrosoftTokens(
			{ ...signIn, clientId: application.clientId },
			{ tls, timeoutMs },
			{ store: new TokenStore(now), now },
		);
		return { host: dovecot.host, user: SUPPORT, security: 'tls', tokens, tls, timeoutMs } as const;
	}

	const watchImap = (timeoutMs: number, timing?: Timing) => {
		const connector = imapConnector({ ...options(timeoutMs), port: dovecot.imapsPort });
		return host.watch(createImapDriver(connector, silentLog, timing));
	};

	const watchPop3 = (timeoutMs: number) => {
		const connector = pop3Connector({ ...options(timeoutMs), port: dovecot.pop3sPort });
		const timing = { silenceMs: COMMAND_SILENCE_MS, pollMs: 50, lingerMs: 0 };
		return host.watch(createPop3Driver(connector, silentLog, timing));
	};

	const receive = async (subject: string) => {
		await dovecot.deliver(SUPPORT, { from: BILLING, subject });
		await until(() => host.subjects.includes(subject));
	};

	it('has another session before the token ends, and another token with it', async () => {
		jest.useFakeTimers({ advanceTimers: true, doNotFake: ['setImmediate', 'nextTick'] });
		try {
			const never = 10 * HOUR_MS;
			const timing = { idleRenewalMs: never, socketSilenceMs: never, commandSilenceMs: never };
			const before = asked();
			const signIns = await countSignIns();
			await watchImap(never, timing).listening;
			await receive('with the first token');
			await jest.advanceTimersByTimeAsync(54 * 60_000);
			expect(asked()).toBe(before + 1);
			await jest.advanceTimersByTimeAsync(3 * 60_000);
			await until(() => asked() === before + 2);
			await until(async () => (await countSignIns()) === signIns + 2);
			await receive('with the second token');
			expect(await countSignIns()).toBe(signIns + 2);
			expect([host.faults, host.warnings]).toEqual([[], []]);
			await host.close(async () => await Promise.resolve());
		} finally {
			jest.useRealTimers();
		}
	});

	it.each([
		['imap', watchImap],
		['pop3', watchPop3],
	])('goes on by %s when its token is revoked, with the next one', async (protocol, watch) => {
		const before = asked();
		await watch(10_000).listening;
		await receive(`${protocol} before`);
		// One that is refused at once would be no better the second time.
		aheadMs += 2 * 60_000;
		tenant.tokens.revokeAll();
		// An open connection is not looked at again.
		await dovecot.restart();
		await receive(`${protocol} after`);
		expect(asked()).toBe(before + 2);
		expect(host.faults).toEqual([]);
	});

	it('tells, when the app is given no other, what Microsoft said', async () => {
		const { certificates } = application;
		await watchImap(10_000).listening;
		try {
			application.certificates = [];
			aheadMs += 2 * 60_000;
			tenant.tokens.revokeAll();
			await dovecot.restart();
			await until(() => host.faults.length > 0);
			expect(host.faults).toMatchObject([
				{ code: 'auth.certificate', serverReply: expect.stringContaining('AADSTS700027') },
			]);
		} finally {
			application.certificates = certificates;
		}
	});
});
