import { ImapFlow } from 'imapflow';
import { startDovecot, type Dovecot } from '../support/dovecot';

async function signIn(dovecot: Dovecot, password: string, more: object = {}): Promise<ImapFlow> {
	const user = dovecot.users[0]?.user ?? '';
	const client = new ImapFlow({
		host: dovecot.host,
		port: dovecot.imapsPort,
		secure: true,
		tls: { ca: dovecot.caPem },
		auth: { user, pass: password },
		logger: false,
		...more,
	});
	await client.connect();
	return client;
}

describe('the Dovecot that tests start', () => {
	let dovecot: Dovecot;
	let other: Dovecot;
	const user = 'support@example.test';

	beforeAll(async () => {
		[dovecot, other] = await Promise.all([
			startDovecot({
				readOnlyFolders: ['Notices'],
				masterUsers: [{ user: 'delegate@example.test', password: 'delegate-password' }],
			}),
			startDovecot({ plaintextAuth: false }),
		]);
	});
	afterAll(async () => {
		await Promise.all([dovecot.stop(), other.stop()]);
	});

	it('takes mail by LMTP and APPEND and shows it by IMAP', async () => {
		await dovecot.deliver(user, { from: 'a@example.org', subject: 'One', text: 'first' });
		await dovecot.deliver(user, 'Subject: Two\r\n\r\n.dot\r\n');
		const uid = await dovecot.append(user, 'INBOX', 'Subject: Three\r\n\r\nx', ['\\Flagged']);
		expect(uid).toBe(3);
		const sources = await dovecot.messages(user);
		expect(sources.map((source) => /^Subject: (\w+)/m.exec(source)?.[1])).toEqual([
			'One',
			'Two',
			'Three',
		]);
		const client = await signIn(dovecot, 'support-password');
		const folders = await client.list();
		expect(
			folders
				.map((folder) => folder.specialUse)
				.filter(Boolean)
				.sort(),
		).toEqual(['\\Archive', '\\Drafts', '\\Inbox', '\\Junk', '\\Sent', '\\Trash']);
		const box = await client.mailboxOpen('Notices');
		expect(box.readOnly).toBe(true);
		await client.logout();
	});

	it('counts sign-ins', async () => {
		await expect(signIn(dovecot, 'wrong')).rejects.toMatchObject({ authenticationFailed: true });
		expect((await dovecot.logins()).at(-1)).toEqual({ user, ok: false });
		(await signIn(dovecot, 'support-password')).close();
		expect((await dovecot.logins()).at(-1)).toEqual({ user, ok: true });
	});

	it('opens a mailbox for a delegate', async () => {
		const client = await signIn(dovecot, '', {
			auth: { user: 'delegate@example.test', pass: 'delegate-password', authzid: user },
		});
		expect((await client.mailboxOpen('INBOX')).exists).toBeGreaterThan(0);
		await client.logout();
	});

	it('does not accept a password in clear text where that is off', async () => {
		const client = new ImapFlow({
			host: other.host,
			port: other.imapPort,
			secure: false,
			doSTARTTLS: false,
			auth: { user, pass: 'x' },
			logger: false,
		});
		await expect(client.connect()).rejects.toBeDefined();
		expect(client.capabilities.has('LOGINDISABLED')).toBe(true);
	});

	it('is silent while paused, and keeps mail over a restart', async () => {
		const client = await signIn(dovecot, 'support-password');
		dovecot.pause();
		const noop = client.noop().then(() => 'answered');
		const silent = new Promise((resolve) => setTimeout(resolve, 200, 'silent'));
		expect(await Promise.race([noop, silent])).toBe('silent');
		dovecot.resume();
		expect(await noop).toBe('answered');
		const closed = new Promise((resolve) => client.once('close', resolve));
		client.on('error', () => {});
		await dovecot.restart();
		await closed;
		expect((await dovecot.messages(user)).length).toBe(3);
		await dovecot.deliver(user, { from: 'a@example.org', subject: 'Four' });
	});
});
