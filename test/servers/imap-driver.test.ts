import { Readable } from 'node:stream';
import { readdirSync, readFileSync } from 'node:fs';
import { rename, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import type { TlsPolicy } from '../../mail/connector';
import { createDraftsFolder, createImapDriver, createSentFolder } from '../../mail/drivers/imap';
import type { MessageHead } from '../../mail/message';
import type { ComposedMessage, MailboxSession } from '../../mail/ports';
import {
	imapConnector,
	silentLog,
	type ImapConnectorOptions,
} from '../mail/drivers/imap/imap-connector';
import { startHttpProxy, startSocksProxy } from '../mail/drivers/net/proxy-server';
import { startDovecot, type Dovecot, type DovecotOptions } from '../support/dovecot';

const USER = 'support@example.test';
const PASSWORD = 'support-password';
const NEVER = new AbortController().signal;

let server: Dovecot;
const cleanUp: Array<() => Promise<unknown>> = [];

beforeAll(async () => {
	server = await startDovecot({ readOnlyFolders: ['Notices'] });
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

function driverFor(dovecot: Dovecot, options: Partial<ImapConnectorOptions> = {}) {
	return createImapDriver(toConnector(dovecot, options), silentLog);
}

function toConnector(dovecot: Dovecot, options: Partial<ImapConnectorOptions> = {}) {
	return imapConnector({
		host: dovecot.host,
		port: dovecot.imapPort,
		user: USER,
		password: PASSWORD,
		...options,
	});
}

async function open(
	dovecot: Dovecot,
	path = 'INBOX',
	options: Partial<ImapConnectorOptions> = {},
): Promise<MailboxSession> {
	const session = await driverFor(dovecot, options).openFolder(path, NEVER);
	cleanUp.push(async () => await session.close());
	return session;
}

async function headsOf(session: MailboxSession, uids: readonly number[]): Promise<MessageHead[]> {
	const fetched = await session.fetchHeads(uids);
	return fetched.map((entry) => {
		if ('error' in entry) throw entry.error;
		return entry.head;
	});
}

const everything = (head: MessageHead) => ({ head, want: { attachments: head.attachments } });

/** A folder of its own for a test, so that no other mail gets into it. */
let folders = 0;
async function makeFolder(dovecot: Dovecot): Promise<string> {
	const path = `Folder ${++folders}`;
	const { ImapFlow } = await import('imapflow');
	const client = new ImapFlow({
		host: dovecot.host,
		port: dovecot.imapPort,
		secure: false,
		doSTARTTLS: false,
		auth: { user: USER, pass: PASSWORD },
		logger: false,
	});
	await client.connect();
	await client.mailboxCreate(path);
	await client.logout();
	return path;
}

const simple = (subject: string) =>
	`From: ada@example.test\r\nTo: ${USER}\r\nSubject: ${subject}\r\n` +
	`Date: Tue, 03 Nov 2026 10:15:30 +0100\r\nMessage-ID: <${subject}@example.test>\r\n\r\nHello.\r\n`;

describe('reading a folder', () => {
	it('tells the state of the folder', async () => {
		const path = await makeFolder(server);
		await server.append(USER, path, simple('one'));
		const { folder } = await open(server, path);
		expect(folder).toEqual({
			path,
			uidValidity: expect.stringMatching(/^\d+$/) as string,
			uidNext: 2,
			messages: 1,
			readOnly: false,
		});
	});

	it('tells of Reply-To and Sender only where the mail has them, although ENVELOPE always does', async () => {
		const path = await makeFolder(server);
		await server.append(USER, path, simple('without'));
		const headers = 'Reply-To: desk@example.test\r\nSender: bot@example.test\r\n';
		await server.append(USER, path, headers + simple('with'));
		const heads = await headsOf(await open(server, path), [1, 2]);
		expect(heads.map(({ replyTo, sender }) => [replyTo, sender])).toEqual([
			[[], []],
			[[{ name: '', address: 'desk@example.test' }], [{ name: '', address: 'bot@example.test' }]],
		]);
	});

	it('lists the folders with their special uses', async () => {
		const folders = await driverFor(server).listFolders(NEVER);
		expect(folders).toContainEqual({ path: 'INBOX', specialUse: '\\Inbox', selectable: true });
		expect(folders).toContainEqual({ path: 'Sent', specialUse: '\\Sent', selectable: true });
	});

	it('finds by UID, by unread, by date, and never the last message in place of none', async () => {
		const path = await makeFolder(server);
		await server.append(USER, path, simple('read'), ['\\Seen']);
		await server.append(USER, path, simple('unread'));
		const session = await open(server, path);
		expect(await session.search({})).toEqual([1, 2]);
		expect(await session.search({ unseen: true })).toEqual([2]);
		expect(await session.search({ uidFrom: 2 })).toEqual([2]);
		expect(await session.search({ uidFrom: 3 })).toEqual([]);
		expect(await session.search({ receivedSince: new Date(Date.now() - 60_000) })).toEqual([1, 2]);
		const inThreeDays = new Date(Date.now() + 3 * 24 * 60 * 60_000);
		expect(await session.search({ receivedSince: inThreeDays })).toEqual([]);
		const dates = await session.fetchReceivedAt([2, 1, 99]);
		expect(dates.map(({ uid }) => uid)).toEqual([2, 1]);
	});

	it('reads heads in the order asked for and leaves out what is gone', async () => {
		const path = await makeFolder(server);
		for (const subject of ['a', 'b', 'c']) await server.append(USER, path, simple(subject));
		const session = await open(server, path);
		const heads = await headsOf(session, [3, 77, 1]);
		expect(heads.map(({ uid, subject }) => [uid, subject])).toEqual([
			[3, 'c'],
			[1, 'a'],
		]);
	});

	it('tells for each body whether its message is gone', async () => {
		const path = await makeFolder(server);
		await server.append(USER, path, simple('here'));
		const session = await open(server, path);
		const [head] = await headsOf(session, [1]);
		if (head === undefined) throw new Error('no head');
		const gone: MessageHead = { ...head, uid: 55 };
		const bodies = await session.fetchBodies([everything(gone), everything(head)]);
		expect(bodies).toMatchObject([
			{ uid: 55, error: { code: 'message.missing' } },
			{ uid: 1, body: { text: 'Hello.\n' } },
		]);
	});

	it('gives the raw source, cut where asked', async () => {
		const path = await makeFolder(server);
		const source = simple('raw') + 'x'.repeat(1_500_000);
		await server.append(USER, path, source);
		const session = await open(server, path);
		const whole = await session.fetchSource(1, 5_000_000);
		expect(whole.truncated).toBe(false);
		expect(whole.source.toString()).toBe(source);
		const cut = await session.fetchSource(1, 1_200_000);
		expect(cut.truncated).toBe(true);
		expect(cut.source.toString()).toBe(source.slice(0, 1_200_000));
		const exact = await session.fetchSource(1, source.length);
		expect(exact).toMatchObject({ truncated: false });
		await expect(session.fetchSource(9, 100)).rejects.toMatchObject({ code: 'message.missing' });
	});

	it('adds flags, and ignores messages that are gone', async () => {
		const path = await makeFolder(server);
		await server.append(USER, path, simple('flag me'));
		const session = await open(server, path);
		await session.addFlags([1, 99], ['\\Seen', 'handled']);
		const [head] = await headsOf(session, [1]);
		expect(head?.flags).toEqual(expect.arrayContaining(['\\Seen', 'handled']));
		await expect(session.waitForChange(200, NEVER)).resolves.toBe('timeout');
	});

	it('says that a folder may only be read', async () => {
		const session = await open(server, 'Notices');
		expect(session.folder.readOnly).toBe(true);
		await expect(session.addFlags([1], ['\\Seen'])).rejects.toMatchObject({
			code: 'mailbox.readOnly',
		});
	});

	it('says that a folder does not exist', async () => {
		await expect(driverFor(server).openFolder('Nowhere', NEVER)).rejects.toMatchObject({
			code: 'mailbox.missing',
			subject: 'folder "Nowhere"',
		});
	});
});

describe('waiting for mail', () => {
	it('notices a delivery at once', async () => {
		const session = await open(server);
		const before = session.folder.uidNext;
		const waiting = session.waitForChange(10_000, NEVER);
		const start = Date.now();
		await server.deliver(USER, simple('delivered'));
		await expect(waiting).resolves.toBe('changed');
		expect(Date.now() - start).toBeLessThan(5_000);
		expect(await session.search({ uidFrom: before })).toEqual([before]);
	});

	it('loses nothing that arrives while a mail is being fetched', async () => {
		const path = await makeFolder(server);
		const session = await open(server, path);
		await server.append(USER, path, simple('first'));
		await session.search({});
		await session.fetchHeads([1]);
		await expect(session.waitForChange(5_000, NEVER)).resolves.toBe('changed');
		await expect(session.waitForChange(100, NEVER)).resolves.toBe('timeout');
	});

	it('stops when the caller gives up', async () => {
		const session = await open(server, await makeFolder(server));
		const abort = new AbortController();
		const waiting = session.waitForChange(60_000, abort.signal);
		abort.abort();
		await expect(waiting).resolves.toBe('aborted');
		expect(await session.search({})).toEqual([]);
	});

	it('finds a mail that was moved in without a word, by looking again after the time is over', async () => {
		const path = await makeFolder(server);
		const source = await makeFolder(server);
		await server.append(USER, source, simple('moved in silence'));
		const session = await open(server, path);
		// IDLE has begun when this is over.
		await expect(session.waitForChange(200, NEVER)).resolves.toBe('timeout');
		const waiting = session.waitForChange(200, NEVER);
		const maildir = (folder: string) => join(server.maildir(USER), `.${folder}`);
		const [name] = await readdir(join(maildir(source), 'new'));
		if (name === undefined) throw new Error('no mail to move');
		await rename(join(maildir(source), 'new', name), join(maildir(path), 'new', name));
		// Dovecot would tell after half a second; other servers never do.
		await expect(waiting).resolves.toBe('timeout');
		expect(await session.search({ uidFrom: 1 })).toEqual([1]);
	});

	it('tells when the server ends the connection', async () => {
		const own = await start({});
		const session = await open(own);
		const waiting = session.waitForChange(30_000, NEVER);
		const outcome = expect(waiting).rejects.toMatchObject({
			code: 'connection.lost',
			retryable: true,
		});
		await own.restart();
		await outcome;
		await expect(session.search({})).rejects.toMatchObject({ code: 'connection.lost' });
	});

	it('closes in time although the server hangs', async () => {
		const own = await start({});
		const session = await driverFor(own).openFolder('INBOX', NEVER);
		own.pause();
		const start_ = Date.now();
		await session.close();
		expect(Date.now() - start_).toBeLessThan(5_000);
		own.resume();
	});
});

describe('connecting', () => {
	it.each(['tls', 'starttls', 'starttlsIfOffered', 'none'] as const)(
		'signs in by %s',
		async (security) => {
			const session = await open(server, 'INBOX', {
				security,
				port: security === 'tls' ? server.imapsPort : server.imapPort,
				tls: { caPem: server.caPem },
			});
			await expect(session.search({ uidFrom: 1_000_000 })).resolves.toEqual([]);
		},
	);

	it('uses STARTTLS only where it is offered, unless it is required', async () => {
		const plain = await start({ tls: false });
		await open(plain, 'INBOX', { security: 'starttlsIfOffered' });
		await expect(
			driverFor(plain, { security: 'starttls' }).openFolder('INBOX', NEVER),
		).rejects.toMatchObject({ code: 'tls.noStarttls' });
		expect(await plain.logins()).toHaveLength(1);
	});

	it.each([
		['tls', 'imapsPort'],
		['starttls', 'imapPort'],
	] as const)('checks the pinned fingerprint over %s', async (security, port) => {
		const pin = (pinnedFingerprint: string): Partial<TlsPolicy> => ({ pinnedFingerprint });
		const own = await start({});
		const { fingerprint } = own.certificate;
		await open(own, 'INBOX', { security, port: own[port], tls: pin(fingerprint) });
		await expect(
			driverFor(own, { security, port: own[port], tls: pin('00'.repeat(32)) }).openFolder(
				'INBOX',
				NEVER,
			),
		).rejects.toMatchObject({ code: 'tls.fingerprint' });
		// The password went out once: to the right server.
		expect(await own.logins()).toEqual([{ user: USER, ok: true }]);
	});

	it.each([
		['HTTP CONNECT', 'http', startHttpProxy],
		['SOCKS5', 'socks5', startSocksProxy],
	] as const)('goes through a proxy by %s', async (_title, scheme, startProxy) => {
		const proxy = await startProxy();
		cleanUp.push(async () => await proxy.close());
		const session = await open(server, 'INBOX', {
			security: 'tls',
			port: server.imapsPort,
			tls: { caPem: server.caPem },
			proxyUrl: `${scheme}://127.0.0.1:${proxy.port}`,
		});
		await session.search({});
		expect(proxy.requests.map(({ target }) => target)).toEqual([
			`${server.host}:${server.imapsPort}`,
		]);
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
		await own.deliver('billing@example.test', simple('for billing'));
		const session = await open(own, 'INBOX', {
			user: 'robot@example.test',
			password: 'robot-password',
			additionalMailbox: 'billing@example.test',
		});
		const [head] = await headsOf(session, await session.search({}));
		expect(head?.subject).toBe('for billing');
	});

	it('says that the server has too many connections of this user', async () => {
		const own = await start({ connectionsPerUser: 1 });
		await open(own);
		await expect(driverFor(own).openFolder('INBOX', NEVER)).rejects.toMatchObject({
			code: 'server.tooManyConnections',
			retryable: true,
			serverReply: expect.stringContaining('mail_max_userip_connections=1') as string,
		});
	});

	it('gives up on a server that hangs', async () => {
		const own = await start({});
		own.pause();
		await expect(
			driverFor(own, { timeoutMs: 400 }).openFolder('INBOX', NEVER),
		).rejects.toMatchObject({ code: 'connection.timeout' });
		own.resume();
	});

	it('stops connecting when the caller gives up', async () => {
		const own = await start({});
		own.pause();
		const abort = new AbortController();
		const opening = driverFor(own).openFolder('INBOX', abort.signal);
		setTimeout(() => abort.abort(), 50);
		await expect(opening).rejects.toMatchObject({ code: 'connection.lost' });
		own.resume();
	});
});

describe('the folder of sent mail', () => {
	const composed = (subject: string): ComposedMessage => ({
		messageId: `<${subject}@example.test>`,
		envelope: { from: USER, to: ['x@example.test'] },
		needsSmtpUtf8: false,
		sizeBytes: simple(subject).length,
		open: () => {
			throw new Error('not needed');
		},
		copy: {
			sizeBytes: simple(subject).length,
			open: () => Readable.from(Buffer.from(simple(subject))),
		},
		dispose: async () => await Promise.resolve(),
	});

	it('takes copies, read, over one connection', async () => {
		const own = await start({});
		const sent = createSentFolder(toConnector(own), silentLog);
		cleanUp.push(async () => await sent.close());
		const paths = await Promise.all(
			['one', 'two', 'three'].map(async (subject) => await sent.append(composed(subject))),
		);
		expect(paths).toEqual(['Sent', 'Sent', 'Sent']);
		const stored = await own.messages(USER, 'Sent');
		expect(stored).toEqual(
			['one', 'two', 'three'].map((subject) => simple(subject).replaceAll('\r', '')),
		);
		expect(await own.logins()).toHaveLength(1);
		const session = await open(own, 'Sent');
		const heads = await headsOf(session, [1, 2, 3]);
		expect(heads.every(({ flags }) => flags.includes('\\Seen'))).toBe(true);
	});

	it('has a sibling for drafts, which tells where each of them lies', async () => {
		const own = await start({});
		const drafts = createDraftsFolder(toConnector(own), silentLog);
		cleanUp.push(async () => await drafts.close());
		const first = await drafts.append(composed('first'));
		const second = await drafts.append(composed('second'));
		expect([first, second]).toMatchObject([
			{ folder: 'Drafts', uid: 1, uidValidity: expect.stringMatching(/^\d+$/) as string },
			{ folder: 'Drafts', uid: 2, uidValidity: first.uidValidity },
		]);
		const session = await open(own, 'Drafts');
		expect(session.folder.uidValidity).toBe(first.uidValidity);
		const heads = await headsOf(session, [1, 2]);
		expect(heads.map(({ subject }) => subject)).toEqual(['first', 'second']);
		for (const { flags } of heads) {
			expect(flags).toEqual(expect.arrayContaining(['\\Draft', '\\Seen']));
		}
	});

	it('opens a lost connection again for the next message', async () => {
		const own = await start({});
		const sent = createSentFolder(toConnector(own), silentLog);
		cleanUp.push(async () => await sent.close());
		await sent.append(composed('before'));
		await own.restart();
		await sent.append(composed('lost')).catch(() => undefined);
		await sent.append(composed('after'));
		const subjects = (await own.messages(USER, 'Sent')).map(
			(raw) => /Subject: (.*)/.exec(raw)?.[1],
		);
		expect(subjects).toContain('after');
		expect(new Set(subjects).size).toBe(subjects.length);
	});

	it('tries a refused sign-in once, not once per message', async () => {
		const own = await start({});
		const sent = createSentFolder(toConnector(own, { password: 'wrong' }), silentLog);
		cleanUp.push(async () => await sent.close());
		for (const subject of ['a', 'b']) {
			await expect(sent.append(composed(subject))).rejects.toMatchObject({ code: 'auth.rejected' });
		}
		expect(await own.logins()).toEqual([{ user: USER, ok: false }]);
	});
});

interface Reading {
	readonly subject?: string;
	readonly text?: string;
	readonly html?: string;
	readonly files?: ReadonlyArray<ReturnType<typeof file>>;
}

const file = (fileName: string, mimeType: string, content: string | Buffer) => ({
	fileName,
	mimeType,
	content: (typeof content === 'string' ? Buffer.from(content) : content).toString('base64'),
});

describe('the corpus', () => {
	const folder = join(__dirname, '../corpus');
	/** Where we read better than the other parser, or decide otherwise. */
	const readings: Record<string, Reading> = {
		// The delivery report and a text with a file name are files.
		'bounce.eml': {
			text: 'I could not deliver your message.',
			files: [
				file(
					'',
					'message/delivery-status',
					'Reporting-MTA: dns; example.test\r\n\r\nFinal-Recipient: rfc822; nobody@example.test\r\nAction: failed\r\nStatus: 5.1.1',
				),
				file('', 'text/rfc822-headers', 'From: ada@example.test\r\nSubject: Hello'),
			],
		},
		'text-file-inline.eml': {
			text: 'The log is attached.',
			files: [file('server.log', 'text/plain', 'line 1 ü\r\nline 2')],
		},
		// RFC 3676: quoted lines flow, too.
		'flowed.eml': {
			text: 'This paragraph was typed as one and is broken softly here.\n\n> quoted words that flow on\n\nFrom is stuffed\n--\nAda',
		},
		// The text is made of the HTML where there is none.
		'html-only.eml': {
			text: 'News\n\nFirst & foremost:\nread this [https://example.test/a].\n\nCell 1 Cell 2',
		},
		'list-footer.eml': {
			text: 'My question is long.\n_______\nlist mailing list & more',
			html: '<p>My question is long.</p>\n<pre>_______\nlist mailing list &amp; more</pre>',
		},
		// Neither header nor body name their charset.
		'raw-latin1-header.eml': {
			subject: 'Grüße ohne Kodierung',
			text: 'Kein Zeichensatz, aber Ümlaute.',
		},
	};
	const names = readdirSync(folder).filter((name) => name.endsWith('.eml'));

	it.each(names)('%s: gives the texts and files that an independent parser finds', async (name) => {
		const raw = readFileSync(join(folder, name));
		const path = await makeFolder(server);
		await server.append(USER, path, raw);
		const session = await open(server, path);
		const [head] = await headsOf(session, [1]);
		if (head === undefined) throw new Error('no head');
		const [fetched] = await session.fetchBodies([everything(head)]);
		if (fetched === undefined || 'error' in fetched) throw new Error('no body');
		const { body } = fetched;

		const expected = await simpleParser(raw, {
			skipHtmlToText: true,
			skipTextToHtml: true,
			skipTextLinks: true,
			skipImageLinks: true,
			keepCidLinks: true,
		});
		const lines = (text: string) => text.trim().replace(/[ \t]+$/gm, '');
		expect(head.subject).toBe(readings[name]?.subject ?? expected.subject ?? '');
		expect(head.messageId).toBe(expected.messageId ?? '');
		expect(head.from.map(({ address }) => address)).toEqual(
			(expected.from?.value ?? []).map(({ address }) => address),
		);
		expect(head.from[0]?.name ?? '').toBe(expected.from?.value[0]?.name ?? '');
		const own = readings[name] ?? {};
		expect(lines(body.text)).toBe(lines(own.text ?? expected.text ?? ''));
		expect(lines(body.html)).toBe(lines(own.html ?? (expected.html || '')));
		expect(
			body.attachments.map(({ fileName, mimeType, content }) => file(fileName, mimeType, content)),
		).toEqual(
			own.files ??
				expected.attachments.map(({ filename, contentType, content }) =>
					file(filename ?? '', contentType, content),
				),
		);
		expect(body.attachments).toHaveLength(head.attachments.length);
	});

	it('reads all of it in one batch, and from a second session that knows no heads', async () => {
		const path = await makeFolder(server);
		for (const name of names) await server.append(USER, path, readFileSync(join(folder, name)));
		const session = await open(server, path);
		const heads = await headsOf(session, await session.search({}));
		expect(heads).toHaveLength(names.length);
		const bodies = await session.fetchBodies(heads.map(everything));
		const other = await open(server, path);
		const again = await other.fetchBodies(heads.map((head) => everything({ ...head })));
		expect(again).toEqual(bodies);
		expect(bodies.filter((entry) => 'error' in entry)).toEqual([]);
	});
});
