import type { Socket } from 'node:net';
import { createPop3Driver } from '../../../../mail/drivers/pop3';
import { SPOOL_BYTES } from '../../../../mail/limits';
import type { Log, MailboxSession } from '../../../../mail/ports';
import { ScriptedTokens } from '../../../support/access-tokens';
import { pop3Connector, type Pop3ConnectorOptions } from '../../../support/pop3-connector';
import { multiline, startPop3Server, type Pop3ServerScript } from '../../../support/pop3-server';
import { silentLog } from '../imap/imap-connector';

const NEVER = new AbortController().signal;
const PASSWORD = 'correct horse';
const cleanUp: Array<() => Promise<unknown>> = [];

afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(script: Pop3ServerScript) {
	const server = await startPop3Server(script);
	cleanUp.push(async () => await server.close());
	return server;
}

function driverFor(
	port: number,
	options: Partial<Pop3ConnectorOptions> = {},
	log: Log = silentLog,
) {
	const connector = pop3Connector({ port, user: 'ada', password: PASSWORD, ...options });
	return createPop3Driver(connector, log, { silenceMs: 2_000, pollMs: 10, lingerMs: 1_000 });
}

async function open(port: number, options: Partial<Pop3ConnectorOptions> = {}, memory?: unknown) {
	const session = await driverFor(port, options).openFolder('INBOX', NEVER, memory);
	cleanUp.push(async () => await session.close());
	return session;
}

const mail = (subject: string, text = 'Text.') =>
	`Subject: ${subject}\r\nMessage-ID: <${subject}@x>\r\n\r\n${text}\r\n`;

async function subjectsOf(session: MailboxSession): Promise<string[]> {
	const heads = await session.fetchHeads(await session.search({}));
	return heads.map((entry) => ('error' in entry ? entry.error.message : entry.head.subject));
}

describe('signing in by POP3', () => {
	it('uses USER and PASS where nothing else is asked for', async () => {
		const server = await start({});
		await open(server.port);
		expect(server.commands).toEqual(['CAPA', 'USER ada', `PASS ${PASSWORD}`, 'UIDL']);
	});

	it('goes on without CAPA', async () => {
		const server = await start({ answers: { CAPA: () => '-ERR what\r\n' } });
		expect(await (await open(server.port)).search({})).toEqual([]);
	});

	it('uses SASL PLAIN where the server takes no USER, in two lines', async () => {
		const server = await start({ capabilities: ['SASL PLAIN', 'UIDL'] });
		await open(server.port);
		const response = Buffer.from(`\0ada\0${PASSWORD}`).toString('base64');
		expect(server.commands).toEqual(['CAPA', 'AUTH PLAIN', response, 'UIDL']);
	});

	it('names the additional mailbox as the authorisation identity', async () => {
		const server = await start({ capabilities: ['USER', 'SASL LOGIN PLAIN', 'UIDL'] });
		await open(server.port, { additionalMailbox: 'team' });
		const response = Buffer.from(`team\0ada\0${PASSWORD}`).toString('base64');
		expect(server.commands.slice(1, 3)).toEqual(['AUTH PLAIN', response]);
	});

	it('says that a server without SASL PLAIN opens no additional mailbox', async () => {
		const server = await start({});
		await expect(open(server.port, { additionalMailbox: 'team' })).rejects.toMatchObject({
			code: 'auth.unavailable',
			remedy: expect.stringContaining('Additional Mailbox') as string,
		});
		expect(server.commands).toEqual(['CAPA']);
	});

	it('signs in with an access token in the form that Microsoft wants', async () => {
		const server = await start({ capabilities: ['SASL PLAIN XOAUTH2', 'UIDL'] });
		await open(server.port, { tokens: new ScriptedTokens('token123') });
		const response = Buffer.from('user=ada\x01auth=Bearer token123\x01\x01').toString('base64');
		expect(server.commands.slice(1, 3)).toEqual(['AUTH XOAUTH2', response]);
	});

	it('hears a refused token out, as XOAUTH2 wants it', async () => {
		let answers = 0;
		const server = await start({
			capabilities: ['SASL XOAUTH2'],
			answers: {
				RESPONSE: () => (++answers === 1 ? '+ eyJzdGF0dXMiOiI0MDEifQ==\r\n' : ''),
				'': () => '-ERR [AUTH] expired\r\n',
			},
		});
		await expect(
			open(server.port, { tokens: new ScriptedTokens('token123') }),
		).rejects.toMatchObject({
			code: 'auth.tokenRejected',
			serverReply: '[AUTH] expired (status 401)',
		});
		expect(server.commands.at(-1)).toBe('');
	});

	it('sends no token to a server that does not know what it is', async () => {
		const server = await start({});
		await expect(
			open(server.port, { tokens: new ScriptedTokens('token123') }),
		).rejects.toMatchObject({
			code: 'auth.unavailable',
		});
		expect(server.commands).toEqual(['CAPA']);
	});

	it.each([
		['-ERR [AUTH] no\r\n', 'auth.rejected', false],
		['-ERR no\r\n', 'auth.rejected', false],
		['-ERR [IN-USE] locked\r\n', 'server.unavailable', true],
		['-ERR [SYS/TEMP] later\r\n', 'server.unavailable', true],
	])('understands the refusal %j of a password', async (answer, code, retryable) => {
		const server = await start({ answers: { PASS: () => answer } });
		await expect(open(server.port)).rejects.toMatchObject({ code, retryable });
	});

	it('does not blame the password where a server that would say so does not', async () => {
		const capabilities = ['USER', 'AUTH-RESP-CODE', 'UIDL', 'RESP-CODES'];
		const server = await start({ capabilities, answers: { PASS: () => '-ERR no\r\n' } });
		await expect(open(server.port)).rejects.toMatchObject({ code: 'server.unavailable' });
	});

	it('waits as long as the server wants between two sign-ins', async () => {
		const server = await start({
			capabilities: ['USER', 'UIDL', 'LOGIN-DELAY 90 USER'],
			answers: { PASS: () => '-ERR [LOGIN-DELAY] too soon\r\n' },
		});
		await expect(open(server.port)).rejects.toMatchObject({
			code: 'server.throttled',
			retryAfterMs: 90_000,
		});
	});

	it('shows no password, not even one that the server repeats, nor logs one', async () => {
		const log: string[] = [];
		const note = (message: string) => void log.push(message);
		const server = await start({
			answers: { PASS: (argument) => `-ERR bad command PASS ${argument}\r\n` },
		});
		const driver = driverFor(server.port, {}, { debug: note, info: note, warn: note, error: note });
		const error = await driver.openFolder('INBOX', NEVER).catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({ serverReply: 'bad command PASS [secret]' });
		expect(JSON.stringify([log, error, String(error)])).not.toContain(PASSWORD);
	});

	it('lets no line break in a password become a command', async () => {
		const server = await start({});
		await expect(open(server.port, { password: 'a\r\nDELE 1' })).rejects.toMatchObject({
			code: 'auth.unavailable',
		});
		expect(server.commands).toEqual(['CAPA']);
	});

	it('stops when the caller gives up, and when the server never greets', async () => {
		const server = await start({ answers: { PASS: () => undefined } });
		const abort = new AbortController();
		const opening = driverFor(server.port).openFolder('INBOX', abort.signal);
		setTimeout(() => abort.abort(), 30);
		await expect(opening).rejects.toMatchObject({ code: 'connection.lost' });
		await expect(open(server.port, { timeoutMs: 50 })).rejects.toMatchObject({
			code: 'connection.timeout',
		});
		const mute = await start({ greeting: '' });
		await expect(open(mute.port, { timeoutMs: 50 })).rejects.toMatchObject({
			code: 'connection.timeout',
		});
	});

	it('believes no bytes that were slipped in before STLS', async () => {
		const server = await start({
			capabilities: ['STLS', 'USER', 'UIDL'],
			answers: { STLS: () => '+OK go\r\n+OK injected\r\n' },
		});
		await expect(open(server.port, { security: 'starttls' })).rejects.toMatchObject({
			code: 'tls.failed',
		});
		expect(server.commands).toEqual(['CAPA', 'STLS']);
	});
});

describe('listing a maildrop', () => {
	it.each([
		['knows no UIDL', () => '-ERR unknown command\r\n'],
		['gives empty names', () => multiline('1 \r\n2 \r\n')],
		['gives something else', () => multiline('hello\r\n')],
	])('refuses a server that %s, with a sentence', async (_title, UIDL) => {
		const server = await start({ mails: [mail('a'), mail('b')], answers: { UIDL } });
		await expect(open(server.port)).rejects.toMatchObject({
			code: 'server.noUidl',
			retryable: false,
			message: expect.stringContaining('lasting names (UIDL)') as string,
		});
	});

	it('has one folder', async () => {
		const server = await start({});
		const driver = driverFor(server.port);
		expect(await driver.listFolders(NEVER)).toEqual([
			{ path: 'INBOX', specialUse: '\\Inbox', selectable: true },
		]);
		await expect(driver.openFolder('Sent', NEVER)).rejects.toMatchObject({
			code: 'mailbox.missing',
		});
		expect((await driver.openFolder('inbox', NEVER)).folder.path).toBe('INBOX');
		expect(server.connections).toBe(1);
	});

	it('loses no mail of a server that gives two mails one name', async () => {
		const server = await start({ mails: [mail('a'), mail('b')], names: ['same', 'same'] });
		const session = await open(server.port);
		expect(await subjectsOf(session)).toEqual(['a', 'b']);
		expect([session.serverId(1), session.serverId(2)]).toEqual(['same', 'same']);
	});
});

describe('a session over several connections', () => {
	it('looks anew at each search, and reads a mail once', async () => {
		const server = await start({ mails: [mail('a'), mail('b')] });
		const session = await open(server.port);
		expect(await subjectsOf(session)).toEqual(['a', 'b']);
		await session.fetchSource(1, 10);
		expect(server.connections).toBe(1);
		await session.search({});
		expect(server.connections).toBe(2);
		expect(server.commands.filter((line) => line.startsWith('RETR'))).toEqual(['RETR 1', 'RETR 2']);
	});

	it('gives the maildrop free while it waits', async () => {
		const server = await start({ mails: [mail('a')] });
		const session = await open(server.port);
		await session.search({});
		await expect(session.waitForChange(1_000, NEVER)).resolves.toBe('timeout');
		expect(server.commands.at(-1)).toBe('QUIT');
		await session.fetchHeads([1]);
		expect(server.connections).toBe(2);
	});

	it('keeps its connection for those who share it when a wait is broken off soon', async () => {
		const server = await start({ mails: [mail('a')] });
		const session = await open(server.port);
		await session.fetchHeads(await session.search({}));
		const abort = new AbortController();
		const waiting = session.waitForChange(60_000, abort.signal);
		abort.abort();
		await expect(waiting).resolves.toBe('aborted');
		await session.fetchSource(1, 10);
		expect(server.commands.at(-1)).toBe('RETR 1');
		expect(server.connections).toBe(1);
	});

	it('waits with another sign-in as long as the server wants', async () => {
		const server = await start({ capabilities: ['USER', 'TOP', 'UIDL', 'LOGIN-DELAY 90'] });
		const session = await open(server.port);
		await session.search({});
		jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
		try {
			const searching = session.search({});
			while (server.commands.at(-1) !== 'QUIT') await new Promise((go) => setImmediate(go));
			await jest.advanceTimersByTimeAsync(88_000);
			expect(server.connections).toBe(1);
			await jest.advanceTimersByTimeAsync(2_000);
			expect(await searching).toEqual([]);
			expect(server.connections).toBe(2);
		} finally {
			jest.useRealTimers();
		}
	});

	it('deletes when QUIT is answered, and not before', async () => {
		const server = await start({ mails: [mail('a'), mail('b')] });
		const session = await open(server.port);
		await session.search({});
		await session.delete([2]);
		expect(server.commands.slice(-2)).toEqual(['DELE 2', 'QUIT']);
		expect(session.toMemory()).toMatchObject({ next: 3, names: [[1, 'uid-1']] });
	});

	it.each([
		['refuses', () => '-ERR some deleted messages not removed\r\n', 'server.unavailable'],
		[
			'breaks off',
			(_: string, socket: Socket) => void socket.destroy() as undefined,
			'connection.lost',
		],
	])('does not count a mail as deleted when the server %s', async (_title, QUIT, code) => {
		const server = await start({ mails: [mail('a')], answers: { QUIT } });
		const session = await open(server.port);
		await session.search({});
		await expect(session.delete([1])).rejects.toMatchObject({ code });
		expect(session.toMemory()).toMatchObject({ names: [[1, 'uid-1']] });
	});

	it('goes on when the server has ended an idle connection', async () => {
		const sockets: Socket[] = [];
		const server = await start({
			mails: [mail('a')],
			answers: {
				UIDL: (_, socket) => {
					sockets.push(socket);
					return multiline('1 uid-1\r\n').toString();
				},
			},
		});
		const session = await open(server.port);
		await session.search({});
		await new Promise<void>((resolve) => {
			sockets[0]?.end('-ERR Disconnected for inactivity.\r\n', resolve);
		});
		// The bytes are in the kernel; the client's loop has to see them.
		for (let turn = 0; turn < 20; turn++) await new Promise((go) => setImmediate(go));
		expect(server.connections).toBe(1);
		expect(await session.fetchHeads([1])).toMatchObject([{ head: { subject: 'a' } }]);
		expect(server.connections).toBe(2);
	});

	it('stays failed when the connection breaks in the middle of a command', async () => {
		const server = await start({
			mails: [mail('a')],
			answers: { RETR: (_, socket) => void socket.end('+OK\r\nSubject: a') as undefined },
		});
		const session = await open(server.port);
		await expect(session.fetchHeads([1])).rejects.toMatchObject({ code: 'connection.lost' });
		await expect(session.search({})).rejects.toMatchObject({ code: 'connection.lost' });
	});
});

describe('mails that cannot be read', () => {
	it('do not disturb their neighbours', async () => {
		const server = await start({
			mails: [mail('a'), mail('broken'), mail('c')],
			answers: {
				RETR: (number) => (number === '2' ? '-ERR cannot open\r\n' : multiline(mail(`m${number}`))),
			},
		});
		const session = await open(server.port);
		expect(await session.fetchHeads([1, 2, 3])).toMatchObject([
			{ uid: 1, head: { subject: 'm1' } },
			{ uid: 2, error: { code: 'message.unreadable', serverReply: 'cannot open' } },
			{ uid: 3, head: { subject: 'm3' } },
		]);
	});

	it('that are announced as too large give their head and beginning, and no body', async () => {
		const large = mail('large', 'x'.repeat(1_000));
		const server = await start({
			mails: [large, mail('small')],
			answers: {
				LIST: () => multiline(`1 ${SPOOL_BYTES + 1}\r\n2 100\r\n`),
				TOP: () => multiline(large),
			},
		});
		const session = await open(server.port);
		const heads = await session.fetchHeads([1, 2]);
		expect(heads).toMatchObject([
			{ head: { subject: 'large', sizeBytes: SPOOL_BYTES + 1 } },
			{ head: { subject: 'small' } },
		]);
		const [entry] = heads;
		if (entry === undefined || 'error' in entry) throw new Error('no head');
		const [body] = await session.fetchBodies([{ head: entry.head, want: { attachments: [] } }]);
		expect(body).toMatchObject({ error: { code: 'limit.exceeded' } });
		const source = await session.fetchSource(1, 20);
		expect(source).toEqual({ source: Buffer.from(large.slice(0, 20)), truncated: true });
		expect(server.commands).not.toContain('RETR 1');
		expect(server.connections).toBe(1);
	});

	it('that turn out too large are cut off, and the next is read over another connection', async () => {
		const piece = Buffer.alloc(1024 * 1024, 'y');
		const server = await start({
			mails: [mail('a'), mail('b')],
			answers: {
				RETR: (number, socket) => {
					if (number === '2') return multiline(mail('b'));
					socket.write('+OK\r\nSubject: endless\r\n\r\n');
					const flood = () => {
						while (socket.writable && socket.write(piece));
						if (socket.writable) socket.once('drain', flood);
					};
					flood();
					return undefined;
				},
			},
		});
		const session = await open(server.port);
		const heads = await session.fetchHeads([1, 2]);
		expect(heads).toMatchObject([{ head: { subject: 'endless' } }, { head: { subject: 'b' } }]);
		expect(server.connections).toBe(2);
		expect((await session.fetchSource(1, 100)).source.toString()).toMatch(/^Subject: endless/);
	}, 20_000);
});

describe('searching a maildrop', () => {
	it('refuses to search texts, with a sentence', async () => {
		const server = await start({});
		const session = await open(server.port);
		await expect(session.search({ text: 'invoice' })).rejects.toMatchObject({
			code: 'settings.invalid',
			message: expect.stringContaining('POP3 servers cannot search') as string,
		});
	});

	it('reads each header once for the dates', async () => {
		const old = `Received: by x; Tue, 3 Nov 2020 10:00:00 +0000\r\n${mail('old')}`;
		const fresh = `Received: by y;\r\n ${new Date().toUTCString()}\r\n${old}`;
		const server = await start({ mails: [old, fresh, 'Date: never\r\n\r\n'] });
		const session = await open(server.port);
		const receivedSince = new Date(Date.now() - 3_600_000);
		expect(await session.search({ receivedSince })).toEqual([2, 3]);
		const [first] = await session.fetchReceivedAt([1]);
		expect(first?.receivedAt).toEqual(new Date('2020-11-03T10:00:00Z'));
		expect(server.commands.filter((line) => line.startsWith('TOP'))).toHaveLength(3);
	});
});

describe('a whole session whose bytes are cut', () => {
	const mails = [mail('a', '.dots\r\n..'), mail('b')];

	async function run(write?: Pop3ServerScript['write']) {
		const server = await startPop3Server({ mails, write });
		try {
			const session = await driverFor(server.port).openFolder('INBOX', NEVER);
			const heads = await session.fetchHeads(await session.search({ subject: 'a' }));
			const { source } = await session.fetchSource(1, 1_000);
			await session.delete([2]);
			await session.close();
			return {
				heads: heads.map(({ uid }) => uid),
				source: source.toString(),
				said: server.commands,
			};
		} finally {
			await server.close();
		}
	}

	it('gives the same when every byte is a packet of its own', async () => {
		const whole = await run();
		expect(whole.source).toBe(mails[0]);
		const cut = await run((socket, bytes) => {
			for (const byte of bytes) socket.write(Buffer.of(byte));
		});
		expect(cut).toEqual(whole);
	});
});
