import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { createImapDriver } from '../../mail/drivers/imap';
import { createPop3Driver } from '../../mail/drivers/pop3';
import type { MessageHead } from '../../mail/message';
import type { MailboxSession } from '../../mail/ports';
import { hostileMails } from '../mail/drivers/mime/hostile-mail';
import { imapConnector, silentLog } from '../mail/drivers/imap/imap-connector';
import { startDovecot, type Dovecot, type DovecotOptions } from '../support/dovecot';
import { runMeasured } from '../support/measured-process';
import { pop3Connector, type Pop3ConnectorOptions } from '../support/pop3-connector';

const USER = 'support@example.test';
const PASSWORD = 'support-password';
const NEVER = new AbortController().signal;

let server: Dovecot;
const cleanUp: Array<() => Promise<unknown>> = [];

beforeAll(async () => {
	server = await startDovecot({
		users: [
			{ user: USER, password: PASSWORD },
			{ user: 'corpus@example.test', password: PASSWORD },
			{ user: 'hostile@example.test', password: PASSWORD },
			{ user: 'large@example.test', password: PASSWORD },
		],
	});
	await server.deliver(USER, { from: 'ada@example.test', subject: 'Hello', text: 'Hello.' });
});
afterAll(async () => await server.stop());
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(options: DovecotOptions): Promise<Dovecot> {
	const started = await startDovecot(options);
	cleanUp.push(async () => await started.stop());
	return started;
}

function driverFor(dovecot: Dovecot, options: Partial<Pop3ConnectorOptions> = {}) {
	const { host, pop3Port: port } = dovecot;
	return createPop3Driver(
		pop3Connector({ host, port, user: USER, password: PASSWORD, ...options }),
		silentLog,
	);
}

async function open(
	dovecot: Dovecot,
	options: Partial<Pop3ConnectorOptions> = {},
): Promise<MailboxSession> {
	const session = await driverFor(dovecot, options).openFolder('INBOX', NEVER);
	cleanUp.push(async () => await session.close());
	return session;
}

async function openImap(dovecot: Dovecot, user: string): Promise<MailboxSession> {
	const connector = imapConnector({
		host: dovecot.host,
		port: dovecot.imapPort,
		user,
		password: PASSWORD,
	});
	const session = await createImapDriver(connector, silentLog).openFolder('INBOX', NEVER);
	cleanUp.push(async () => await session.close());
	return session;
}

describe('connecting', () => {
	it.each([
		['tls', 'pop3sPort'],
		['starttls', 'pop3Port'],
		['starttlsIfOffered', 'pop3Port'],
		['none', 'pop3Port'],
	] as const)('signs in by %s', async (security, port) => {
		const session = await open(server, {
			security,
			port: server[port],
			tls: { caPem: server.caPem },
		});
		expect(await session.search({})).toEqual([1]);
	});

	it.each([
		['tls', 'pop3sPort'],
		['starttls', 'pop3Port'],
	] as const)('sends no password over %s to a server it does not trust', async (security, port) => {
		const own = await start({});
		await expect(
			driverFor(own, { security, port: own[port] }).openFolder('INBOX', NEVER),
		).rejects.toMatchObject({ code: 'tls.untrusted' });
		expect(await own.logins()).toEqual([]);
	});

	it('uses STLS only where it is offered, unless it is required', async () => {
		const plain = await start({ tls: false });
		await open(plain, { security: 'starttlsIfOffered' });
		await expect(
			driverFor(plain, { security: 'starttls' }).openFolder('INBOX', NEVER),
		).rejects.toMatchObject({ code: 'tls.noStarttls' });
		expect(await plain.logins()).toHaveLength(1);
	});

	it('tells a wrong password from a server that takes none here', async () => {
		await expect(
			driverFor(server, { password: 'wrong' }).openFolder('INBOX', NEVER),
		).rejects.toMatchObject({ code: 'auth.rejected', retryable: false });
		const strict = await start({ plaintextAuth: false });
		await expect(driverFor(strict).openFolder('INBOX', NEVER)).rejects.toMatchObject({
			code: 'auth.unavailable',
		});
		expect(await strict.logins()).toEqual([]);
	});

	it('opens an additional mailbox with the login of another user', async () => {
		const own = await start({
			masterUsers: [{ user: 'robot@example.test', password: 'robot-password' }],
		});
		await own.deliver('billing@example.test', { from: 'a@example.test', subject: 'for billing' });
		const session = await open(own, {
			user: 'robot@example.test',
			password: 'robot-password',
			additionalMailbox: 'billing@example.test',
		});
		expect(await session.fetchHeads(await session.search({}))).toMatchObject([
			{ head: { subject: 'for billing' } },
		]);
	});

	it('leaves the maildrop to others while it waits', async () => {
		const own = await start({ pop3Lock: true });
		const first = await open(own);
		const opening = driverFor(own).openFolder('INBOX', NEVER);
		await expect(first.waitForChange(50, NEVER)).resolves.toBe('timeout');
		await (await opening).close();
		expect(await first.search({})).toEqual([]);
	});

	it('survives a restart of the server while it waits', async () => {
		const own = await start({});
		const session = await open(own);
		await session.search({});
		await session.waitForChange(10, NEVER);
		await own.restart();
		await own.deliver(USER, { from: 'a@example.test', subject: 'after' });
		expect(await session.fetchHeads(await session.search({}))).toMatchObject([
			{ head: { subject: 'after' } },
		]);
	});
});

/** What was read of a mail; `same` is what must not depend on the way. */
interface Reading {
	readonly receivedAt: Date;
	readonly same: unknown;
}

async function readAll(session: MailboxSession): Promise<Reading[]> {
	const heads = (await session.fetchHeads(await session.search({}))).map((entry): MessageHead => {
		if ('error' in entry) throw entry.error;
		return entry.head;
	});
	const bodies = await session.fetchBodies(
		heads.map((head) => ({ head, want: { attachments: head.attachments } })),
	);
	return heads.map((head, index) => {
		const entry = bodies[index];
		if (entry === undefined || 'error' in entry) throw entry?.error ?? new Error('no body');
		const { receivedAt } = head;
		const withoutOwn = { ...head, uid: 0, flags: [], receivedAt: 0, headers: [...head.headers] };
		return { receivedAt, same: { head: withoutOwn, body: entry.body } };
	});
}

describe('the same mails by IMAP and by POP3', () => {
	const folder = join(__dirname, '../corpus');
	const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
		name.endsWith('.eml'),
	);

	it('become equal heads and bodies, for every mail of the corpus', async () => {
		const user = 'corpus@example.test';
		for (const name of names) await server.append(user, 'INBOX', readFileSync(join(folder, name)));
		const imap = await readAll(await openImap(server, user));
		const pop3 = await readAll(await open(server, { user }));
		expect(pop3).toHaveLength(names.length);
		for (const [index, name] of names.entries()) {
			expect([name, pop3[index]?.same]).toEqual([name, imap[index]?.same]);
		}
	}, 60_000);

	it('become equal also where their structure is broken', async () => {
		const user = 'hostile@example.test';
		for (const { source } of hostileMails) await server.append(user, 'INBOX', source);
		const imap = await readAll(await openImap(server, user));
		const pop3 = await readAll(await open(server, { user }));
		expect(pop3).toHaveLength(hostileMails.length);
		for (const [index, { title }] of hostileMails.entries()) {
			expect([title, pop3[index]?.same]).toEqual([title, imap[index]?.same]);
		}
	}, 60_000);

	it('were received when the server says so', async () => {
		const [imap] = await readAll(await openImap(server, USER));
		const [pop3] = await readAll(await open(server));
		const apart = (imap?.receivedAt.getTime() ?? 0) - (pop3?.receivedAt.getTime() ?? 0);
		expect(Math.abs(apart)).toBeLessThan(2_000);
	});
});

describe('a mail of 60 MB', () => {
	it('takes less than 40 MB of memory', async () => {
		const user = 'large@example.test';
		const content = Buffer.alloc(43 * 1024 * 1024, 'all the bytes of a large file ');
		const base64 = (content.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n');
		await server.append(
			user,
			'INBOX',
			[
				'From: ada@example.test',
				'Subject: Large',
				'Content-Type: multipart/mixed; boundary=b',
				'',
				'--b',
				'',
				'See the file.',
				'--b',
				'Content-Type: application/octet-stream; name=large.bin',
				'Content-Transfer-Encoding: base64',
				'',
				base64,
				'--b--',
				'',
			].join('\r\n'),
		);
		const folder = await mkdtemp(join(tmpdir(), 'attachment-'));
		cleanUp.push(async () => await rm(folder, { recursive: true }));
		const { host, pop3Port } = server;
		const { grownBytes, sha256 } = await runMeasured(
			join(__dirname, 'attachment-stream-child.ts'),
			['pop3', host, String(pop3Port), user, PASSWORD, join(folder, 'file.bin')],
			z.object({ grownBytes: z.number(), sha256: z.string() }),
		);
		expect(sha256).toBe(createHash('sha256').update(content).digest('hex'));
		expect(grownBytes).toBeLessThan(40 * 1024 * 1024);
	}, 120_000);
});
