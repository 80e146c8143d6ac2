import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { INodeCredentialTestResult } from 'n8n-workflow';
import { checkConnector, type CheckReport } from '../../mail/check';
import { toConnector } from '../../nodes/bridge/connector';
import { testConnector } from '../../nodes/bridge/credential-test';
import {
	certificateAuthority,
	selfSignedCertificate,
	signedCertificate,
	toPfxBase64,
} from '../support/certificate';
import { startDovecot, type Dovecot } from '../support/dovecot';
import { findFreePorts } from '../../tools/free-port';
import { startPop3Server } from '../support/pop3-server';
import { startPostfix, type Postfix } from '../support/postfix';

const user = 'support@example.test';
const password = 'support-password';

type Data = Record<string, string | number | boolean>;

/** Steps as `incoming dns ok`. */
function outline({ steps }: CheckReport): string[] {
	return steps.map(({ side, step, ok }) => `${side} ${step} ${ok ? 'ok' : 'failed'}`);
}

describe('the check of a connector', () => {
	let dovecot: Dovecot;
	let postfix: Postfix;
	let caPem: string;
	const open: Array<{ stop(): Promise<void> }> = [];

	async function started<T extends { stop(): Promise<void> }>(server: Promise<T>): Promise<T> {
		const running = await server;
		open.push(running);
		return running;
	}

	beforeAll(async () => {
		caPem = (await certificateAuthority()).certificatePem;
		dovecot = await started(
			startDovecot({ masterUsers: [{ user: 'delegate', password: 'delegate-password' }] }),
		);
		postfix = await started(
			startPostfix({
				dovecot,
				auth: 'withTls',
				onlyOwnSender: true,
				recipientAnswers: { 'blocked@example.org': '550 5.7.1 Not wanted here' },
			}),
		);
		await dovecot.deliver(user, { from: 'a@example.org', subject: 'One' });
		await dovecot.deliver(user, { from: 'a@example.org', subject: 'Two' });
	});
	afterAll(async () => {
		// Postfix asks Dovecot, so it goes first.
		for (const server of open.reverse()) await server.stop();
	});

	const toImap = (server: Dovecot): Data => ({
		incomingHost: server.host,
		incomingPort: server.imapsPort,
		incomingSecurity: 'tls',
	});
	const toPop3 = (server: Dovecot): Data => ({
		incomingProtocol: 'pop3',
		incomingHost: server.host,
		pop3Port: server.pop3sPort,
		incomingSecurity: 'tls',
	});
	const toSmtp = (server: Postfix): Data => ({
		outgoingHost: server.host,
		outgoingPort: server.smtpPort,
		outgoingSecurity: 'starttls',
	});
	const toData = (changes: Data): Data => ({
		emailService: 'other',
		...toImap(dovecot),
		...toSmtp(postfix),
		user,
		password,
		caPem,
		connectionTimeoutMs: 5000,
		...changes,
	});
	const check = async (changes: Data): Promise<CheckReport> =>
		await checkConnector(toConnector(toData(changes), 'Support'));
	const incoming = async (changes: Data): Promise<CheckReport> =>
		await check({ useFor: 'incoming', ...changes });
	const outgoing = async (changes: Data): Promise<CheckReport> =>
		await check({ useFor: 'outgoing', ...changes });
	const asCredentialTest = async (changes: Data): Promise<INodeCredentialTestResult> =>
		await testConnector('smtpImapApi', {
			id: '1',
			name: 'Support',
			type: 'x',
			data: toData(changes),
		});

	it('reports what works, both sides', async () => {
		const report = await check({});
		expect(report.ok).toBe(true);
		expect(outline(report)).toEqual([
			'incoming tcp ok',
			'incoming tls ok',
			'incoming greeting ok',
			'incoming capability ok',
			'incoming authentication ok',
			'incoming folder ok',
			'outgoing tcp ok',
			'outgoing greeting ok',
			'outgoing tls ok',
			'outgoing capability ok',
			'outgoing authentication ok',
		]);
		expect(report.summary).toMatch(
			/^Incoming: signed in to 127\.0\.0\.1:\d+ as support@example\.test \(TLS 1\.3, certificate valid until 20\d\d-\d\d-\d\d\), INBOX holds 2 e-mails\. Outgoing: signed in to 127\.0\.0\.1:\d+ as support@example\.test \(TLS 1\.3, certificate valid until [\d-]+\)\.$/,
		);
		const tls = report.steps.find(({ step }) => step === 'tls');
		expect(tls?.detail).toContain('certificate of localhost');
		expect(tls?.detail).toContain('issued by Test authority');
	});

	it('reports what works by POP3', async () => {
		const report = await incoming({ ...toPop3(dovecot) });
		expect(outline(report)).toEqual([
			'incoming tcp ok',
			'incoming tls ok',
			'incoming greeting ok',
			'incoming capability ok',
			'incoming authentication ok',
			'incoming folder ok',
		]);
		expect(report.summary).toMatch(
			/^Incoming: signed in to 127\.0\.0\.1:\d+ as support@example\.test \(TLS 1\.3, certificate valid until [\d-]+\), INBOX holds 2 e-mails\.$/,
		);
		const offer = report.steps.find(({ step }) => step === 'capability')?.detail;
		expect(offer).toContain('it offers UIDL, TOP, PIPELINING');
	});

	it('checks STLS, the password and the way of POP3 as it does those of IMAP', async () => {
		const starttls = { pop3Port: dovecot.pop3Port, incomingSecurity: 'starttls' };
		const clear = { pop3Port: dovecot.pop3Port, incomingSecurity: 'tls' };
		const protectedBy = await incoming({ ...toPop3(dovecot), ...starttls });
		expect(outline(protectedBy).slice(0, 3)).toEqual([
			'incoming tcp ok',
			'incoming greeting ok',
			'incoming tls ok',
		]);
		expect(protectedBy.ok).toBe(true);
		expect((await incoming({ ...toPop3(dovecot), ...clear })).error?.code).toBe('tls.plainServer');
		const wrong = await incoming({ ...toPop3(dovecot), password: 'wrong-password' });
		expect(outline(wrong).at(-1)).toBe('incoming authentication failed');
		expect(wrong.error?.code).toBe('auth.rejected');
		expect(wrong.summary).not.toContain('wrong-password');
		// An IMAP server answers in another language.
		const imap = { pop3Port: dovecot.imapPort, incomingSecurity: 'none' };
		const other = await incoming({ ...toPop3(dovecot), ...imap });
		expect(outline(other).at(-1)).toBe('incoming greeting failed');
		expect(other.error?.code).toBe('server.protocol');
	});

	it('says that a POP3 server gives its e-mails no lasting names', async () => {
		const pop3 = await startPop3Server({ answers: { UIDL: () => '-ERR unknown\r\n' } });
		open.push({ stop: pop3.close });
		const report = await incoming({
			...toPop3(dovecot),
			pop3Port: pop3.port,
			incomingSecurity: 'none',
		});
		expect(outline(report).at(-1)).toBe('incoming folder failed');
		expect(report.summary).toContain('lasting names (UIDL)');
	});

	it('looks up names and says what they are', async () => {
		const { steps } = await incoming({ incomingHost: 'localhost' });
		expect(steps[0]).toMatchObject({ step: 'dns', ok: true });
		expect(steps[0]?.detail).toMatch(/^localhost is .*127\.0\.0\.1/);
	});

	it('says that the server rejected the password, after one attempt', async () => {
		const before = (await dovecot.logins()).length;
		const report = await incoming({ password: 'wrong-password' });
		expect(outline(report).at(-1)).toBe('incoming authentication failed');
		expect(report.error?.code).toBe('auth.rejected');
		expect(report.summary).toMatch(
			/^Incoming failed while signing in\. The server rejected the user name or password .*The server said: .*Authentication failed\. Check the user name and password/,
		);
		expect((await dovecot.logins()).slice(before)).toEqual([{ user, ok: false }]);

		const sending = await outgoing({ password: 'wrong-password' });
		expect(outline(sending).at(-1)).toBe('outgoing authentication failed');
		expect(sending.summary).toMatch(/The server said: 535 5\.7\.8/);
		const attempts = (await postfix.logText()).match(/authentication failed/g) ?? [];
		expect(attempts).toHaveLength(1);
	});

	it('says a remedy that both sides share once', async () => {
		const { summary } = await check({ password: 'wrong-password' });
		expect(summary).toMatch(/^Incoming failed .* Outgoing failed /);
		expect(summary.match(/Check the user name and password/g)).toHaveLength(1);
	});

	it('checks one side although the other fails, and tells of the failure first', async () => {
		const report = await check({
			sameCredentials: false,
			outgoingUser: 'x',
			outgoingPassword: 'y',
		});
		expect(report.ok).toBe(false);
		expect(report.summary).toMatch(/^Outgoing failed while signing in\. .* Incoming: signed in to/);
	});

	it('says that the host is unknown', async () => {
		const report = await incoming({ incomingHost: 'imap.does-not-exist.invalid' });
		expect(outline(report)).toEqual(['incoming dns failed']);
		expect(report.summary).toMatch(
			/^Incoming failed while looking up the server\. The server name could not be found \(imap\.does-not-exist\.invalid:\d+\)\. Check the spelling/,
		);
	});

	it('says that the port refuses', async () => {
		const [port = 0] = await findFreePorts(1);
		const report = await outgoing({ outgoingPort: port });
		expect(outline(report)).toEqual(['outgoing tcp failed']);
		expect(report.summary).toMatch(
			/^Outgoing failed while connecting to the server\. The server refused the connection .*Check the port/,
		);
	});

	it('says that TLS was tried on a plain port', async () => {
		const report = await check({
			incomingPort: dovecot.imapPort,
			outgoingSecurity: 'tls',
		});
		expect(report.steps.map(({ error }) => error?.code).filter(Boolean)).toEqual([
			'tls.plainServer',
			'tls.plainServer',
		]);
		expect(report.summary).toMatch(/does not speak TLS on this port .*Choose STARTTLS as security/);
	});

	it('says that clear text was tried on a TLS port', async () => {
		const report = await check({
			incomingSecurity: 'starttls',
			outgoingPort: postfix.smtpsPort,
			outgoingSecurity: 'none',
			connectionTimeoutMs: 1000,
		});
		expect(report.steps.map(({ error }) => error?.code).filter(Boolean)).toEqual([
			'tls.expected',
			'tls.expected',
		]);
		expect(report.summary).toMatch(/speaks TLS on this port, .*Choose TLS as security/);
	});

	it('says so too when the TLS server hangs up instead of waiting', async () => {
		const impatient = createServer((socket) => {
			socket.on('error', () => undefined);
			socket.once('data', (hello) => {
				const onward = connect(dovecot.imapsPort, dovecot.host);
				onward.write(hello);
				socket.pipe(onward).pipe(socket);
			});
			setTimeout(() => socket.bytesRead === 0 && socket.destroy(), 100);
		});
		const port = await listening(impatient);
		const report = await incoming({ incomingPort: port, incomingSecurity: 'none' });
		expect(report.error?.code).toBe('tls.expected');
		impatient.close();
	});

	it('says that the certificate is self-signed, expired or for another host', async () => {
		const [self, expired, elsewhere] = await Promise.all([
			started(startDovecot({ certificate: await selfSignedCertificate() })),
			started(startDovecot({ certificate: await signedCertificate({ expired: true }) })),
			started(startDovecot({ certificate: await signedCertificate({ names: ['other.test'] }) })),
		]);
		const untrusted = await incoming(toImap(self));
		expect(outline(untrusted)).toEqual(['incoming tcp ok', 'incoming tls failed']);
		expect(untrusted.summary).toMatch(
			/certificate is not trusted .*issued by localhost.* paste it under CA certificates/,
		);
		expect((await incoming(toImap(expired))).summary).toMatch(
			/has expired .*valid 2020-01-01 to 2020-01-31.*check the clock/,
		);
		expect((await incoming(toImap(elsewhere))).summary).toMatch(
			/for another host name .*DNS:other\.test.*Use the host name/,
		);

		const pinned = { ...toImap(self), pinnedFingerprint: self.certificate.fingerprint };
		expect((await incoming(pinned)).ok).toBe(true);
		const unchecked = await incoming({ ...toImap(expired), allowUntrusted: true });
		expect(unchecked.ok).toBe(true);
		expect(unchecked.steps[1]?.detail).toContain('not checked against authorities');
		expect((await incoming({ ...pinned, ...toImap(dovecot) })).error?.code).toBe('tls.fingerprint');
	});

	it('says that the server offers no sign-in on a connection in clear text', async () => {
		const strict = await started(startDovecot({ plaintextAuth: false }));
		const report = await incoming({
			...toImap(strict),
			incomingPort: strict.imapPort,
			incomingSecurity: 'none',
		});
		expect(outline(report).at(-1)).toBe('incoming capability failed');
		expect(report.summary).toMatch(/does not offer a way to sign in .*Choose TLS or STARTTLS/);
		expect(await strict.logins()).toEqual([]);

		const sending = await outgoing({ outgoingSecurity: 'none' });
		expect(outline(sending).at(-1)).toBe('outgoing capability failed');
		expect(sending.error?.code).toBe('auth.unavailable');
	});

	it('says that STARTTLS is missing, or goes on in clear text where that is allowed', async () => {
		const plain = await started(startDovecot({ tls: false }));
		const clear = { ...toImap(plain), incomingPort: plain.imapPort };
		const report = await incoming({ ...clear, incomingSecurity: 'starttls' });
		expect(outline(report).at(-1)).toBe('incoming tls failed');
		expect(report.error?.code).toBe('tls.noStarttls');
		const { ok, summary } = await incoming({ ...clear, incomingSecurity: 'starttlsIfOffered' });
		expect(ok).toBe(true);
		expect(summary).toContain('(clear text, others may read along)');
	});

	it('says that the folder is missing', async () => {
		const hidden = await started(startDovecot({ hiddenFolders: ['INBOX'] }));
		const report = await incoming(toImap(hidden));
		expect(outline(report).at(-1)).toBe('incoming folder failed');
		expect(report.summary).toMatch(
			/^Incoming failed while opening the folder\. The folder does not exist \(folder "INBOX"\)/,
		);
	});

	it('opens the additional mailbox, or says that the login may not', async () => {
		const delegate = { user: 'delegate', password: 'delegate-password', primaryAddress: user };
		const allowed = await incoming({ ...delegate, additionalMailbox: user });
		expect(allowed.summary).toMatch(
			/as delegate for the mailbox support@example\.test .*INBOX holds 2 e-mails/,
		);
		const refused = await incoming({ additionalMailbox: 'billing@example.test' });
		expect(refused.error?.code).toBe('auth.rejected');
	});

	it('says that the connector is switched off, and connects to nobody', async () => {
		const silent = createServer();
		const onConnection = jest.fn();
		silent.on('connection', onConnection);
		const port = await listening(silent);
		const report = await check({ enabled: false, incomingPort: port, outgoingPort: port });
		expect(report).toMatchObject({ ok: false, steps: [] });
		expect(report.summary).toMatch(
			/^The connector is switched off \(Support\)\. Switch on Enabled/,
		);
		expect(onConnection).not.toHaveBeenCalled();
		silent.close();
	});

	it('sends a test e-mail that names what it came through', async () => {
		const billing = 'billing@example.test';
		const report = await outgoing({ testAddress: billing });
		expect(report.summary).toMatch(
			/, the test e-mail to billing@example\.test was accepted: 250 2\.0\.0 Ok: queued as \w+\.$/,
		);
		const [source = ''] = await dovecot.waitForMessages(billing, 1);
		const text = source.replace(/=\r?\n/g, '');
		for (const part of [
			'Auto-Submitted: auto-generated',
			'Connector: Support',
			'Type: SMTP',
			`Server: ${postfix.host}:${postfix.smtpPort}`,
			'Security: STARTTLS',
			`Signed in as: ${user}`,
		]) {
			expect(text).toContain(part);
		}
	});

	it('says why the test e-mail was rejected', async () => {
		const recipient = await outgoing({ testAddress: 'blocked@example.org' });
		expect(outline(recipient).at(-1)).toBe('outgoing testMail failed');
		expect(recipient.summary).toMatch(
			/^Outgoing failed while sending the test e-mail\. The server rejected the recipients \(blocked@example\.org\)\. The server said: 550 5\.7\.1 .*Not wanted here/,
		);
		const sender = await outgoing({
			testAddress: 'billing@example.test',
			fromAddress: 'ceo@example.test',
		});
		expect(sender.summary).toMatch(/553 5\.7\.1 .*not owned by user/);
	});

	it('sends without sign-in, or by client certificate', async () => {
		const relay = await started(
			startPostfix({
				dovecot,
				auth: 'never',
				signInRequired: true,
				clientAuthorityPem: caPem,
			}),
		);
		const reach = { ...toSmtp(relay), primaryAddress: user, testAddress: 'a@example.org' };
		const nobody = await outgoing({ ...reach, authentication: 'none' });
		expect(nobody.summary).toMatch(/while sending the test e-mail\. .*554 5\.7\.1 .*Access denied/);

		const pfx = await toPfxBase64(await signedCertificate({ names: ['n8n.example.test'] }), 'pass');
		const byCertificate = { ...reach, authentication: 'certificate', pfx };
		const sent = await outgoing({ ...byCertificate, pfxPassword: 'pass' });
		expect(sent.summary).toMatch(/^Outgoing: reached .* without sign-in .*was accepted: 250/);
		const wrong = await outgoing({ ...byCertificate, pfxPassword: 'wrong' });
		expect(outline(wrong).at(-1)).toBe('outgoing tls failed');
		expect(wrong.summary).toContain('wrong password of the .pfx');
	});

	it('ends in time while the servers are silent, and says where', async () => {
		dovecot.pause();
		postfix.pause();
		const start = Date.now();
		const report = await check({ connectionTimeoutMs: 1000 });
		expect(Date.now() - start).toBeLessThan(1_900);
		dovecot.resume();
		postfix.resume();
		expect(report.steps.map(({ error }) => error?.code).filter(Boolean)).toEqual([
			'connection.timeout',
			'connection.timeout',
		]);
		expect(report.summary).toMatch(
			/^Incoming failed while protecting the connection\. The server did not answer in time .* Outgoing failed while waiting for the greeting/,
		);
	});

	it.each([
		['never answers', () => undefined],
		['sends one byte a moment', trickle],
		['answers the sign-in with nothing', stallAfterGreeting],
	])('ends in time with a server that %s', async (_title, behave) => {
		const server = createServer((socket) => {
			sockets.add(socket);
			socket.on('error', () => undefined);
			behave(socket);
		});
		const sockets = new Set<Socket>();
		const port = await listening(server);
		const start = Date.now();
		const report = await check({
			...{ incomingPort: port, incomingSecurity: 'none' },
			...{ outgoingPort: port, outgoingSecurity: 'none' },
			connectionTimeoutMs: 1000,
		});
		expect(Date.now() - start).toBeLessThan(1_900);
		expect(report.ok).toBe(false);
		expect(report.error?.code).toBe('connection.timeout');
		for (const socket of sockets) socket.destroy();
		server.close();
	});

	it('hides a password that the server repeats', async () => {
		const server = createServer((socket) => {
			socket.on('error', () => undefined);
			socket.write('220 ready\r\n');
			socket.on('data', (data) => {
				const [verb = ''] = data.toString().split(' ');
				if (/^EHLO/i.test(verb)) socket.write('250-x\r\n250 AUTH PLAIN\r\n');
				else if (/^QUIT/i.test(verb)) socket.end('221 bye\r\n');
				else {
					const plain = Buffer.from(data.toString().trim().split(' ')[2] ?? '', 'base64');
					socket.write(`535 5.7.8 no: ${data.toString().trim()} ${plain.toString()}\r\n`);
				}
			});
		});
		const port = await listening(server);
		const echo = { useFor: 'outgoing', outgoingPort: port, outgoingSecurity: 'none' };
		const { status, message } = await asCredentialTest(echo);
		expect(status).toBe('Error');
		expect(message).toMatch(/The server said: 535 5\.7\.8 no: AUTH PLAIN \[secret\]/);
		expect(message).not.toContain(password);
		server.close();
	});

	describe('as the test of an n8n credential', () => {
		it('gives the summary', async () => {
			expect(await asCredentialTest({})).toEqual({
				status: 'OK',
				message: expect.stringMatching(/^Incoming: signed in .* Outgoing: signed in/),
			});
			expect(await asCredentialTest({ password: 'wrong' })).toEqual({
				status: 'Error',
				message: expect.stringMatching(/^Incoming failed while signing in\./),
			});
		});

		it('names the field at fault instead of throwing', async () => {
			expect(await asCredentialTest({ incomingHost: '' })).toEqual({
				status: 'Error',
				message:
					'A setting is not valid (Incoming Host: must be filled). Correct the setting that is named.',
			});
			const empty = await testConnector('smtpImapApi', { id: '1', name: '', type: 'smtpImapApi' });
			expect(empty.status).toBe('Error');
		});
	});
});

async function listening(server: Server): Promise<number> {
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return (server.address() as AddressInfo).port;
}

function trickle(socket: Socket): void {
	const timer = setInterval(() => socket.write('x'), 50);
	socket.once('close', () => clearInterval(timer));
}

/** Good for both protocols as far as the greeting is read. */
function stallAfterGreeting(socket: Socket): void {
	socket.write('* OK ready\r\n');
}
