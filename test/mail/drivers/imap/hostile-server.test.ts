import { inspect } from 'node:util';
import { createImapDriver } from '../../../../mail/drivers/imap';
import { CLOSE_GRACE_MS } from '../../../../mail/limits';
import type { MailboxSession } from '../../../../mail/ports';
import {
	startImapServer,
	type ImapAnswer,
	type ImapServer,
	type ImapServerScript,
} from '../../../support/imap-server';
import { imapConnector, silentLog, type ImapConnectorOptions } from './imap-connector';

const NEVER = new AbortController().signal;
/** Patient with answers, which command-silence.test.ts is about: here the second line has to notice. */
const timing = { idleRenewalMs: 400, socketSilenceMs: 100, commandSilenceMs: 60_000 };

const cleanUp: Array<() => Promise<void>> = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(script: ImapServerScript = {}): Promise<ImapServer> {
	const server = await startImapServer(script);
	cleanUp.push(async () => await server.close());
	return server;
}

async function open(
	server: ImapServer,
	options: Partial<ImapConnectorOptions> = {},
): Promise<MailboxSession> {
	const connector = imapConnector({ port: server.port, timeoutMs: 2_000, ...options });
	const session = await createImapDriver(connector, silentLog, timing).openFolder('INBOX', NEVER);
	cleanUp.push(async () => await session.close());
	return session;
}

/** A FETCH row as the driver asks for it for a head. */
const headRow = (uid: number, subject = `mail ${uid}`) => {
	const header = `Subject: ${subject}\r\n\r\n`;
	return (
		`* ${uid} FETCH (UID ${uid} FLAGS () INTERNALDATE "03-Nov-2026 10:15:30 +0100" RFC822.SIZE 99 ` +
		`ENVELOPE (NIL "${subject}" (("Ada" NIL "ada" "example.test")) NIL NIL NIL NIL NIL NIL "<${uid}@x>") ` +
		'BODYSTRUCTURE ("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 7 1 NIL NIL NIL NIL) ' +
		`BODY[HEADER]<0> {${header.length}}\r\n${header})`
	);
};

/** The UIDs of a sequence set. */
const toUids = (args: string) =>
	(args.split(' ')[0] ?? '').split(',').flatMap((range) => {
		const [first = 0, last = first] = range.split(':').map(Number);
		return Array.from({ length: last - first + 1 }, (_, index) => first + index);
	});

const heads: ImapAnswer = (client, command) => {
	client.write(...toUids(command.args).map((uid) => headRow(uid)));
	client.ok(command);
};

describe('a server that goes silent', () => {
	const silent: ImapAnswer = () => undefined;

	it.each([
		['never answers IDLE', { IDLE: silent }],
		['falls silent after it answered IDLE', { DONE: silent, NOOP: silent }],
	])('is noticed when it %s', async (_title, answers) => {
		const server = await start({ answers });
		const session = await open(server);
		await expect(session.waitForChange(60_000, NEVER)).rejects.toMatchObject({
			code: 'connection.timeout',
			retryable: true,
		});
		await expect(session.search({})).rejects.toMatchObject({ code: 'connection.timeout' });
	});

	it('is noticed when it chatters and never lets IDLE begin', async () => {
		const server = await start({ answers: { IDLE: silent } });
		const session = await open(server);
		const chatter = setInterval(() => server.push('* OK still here'), 20);
		await expect(session.waitForChange(60_000, NEVER)).rejects.toMatchObject({
			code: 'connection.timeout',
		});
		clearInterval(chatter);
	});

	it('is noticed when it chatters and never lets IDLE end', async () => {
		const server = await start({ answers: { DONE: silent, NOOP: silent } });
		const session = await open(server);
		const chatter = setInterval(() => server.push('* OK still here'), 20);
		await expect(session.waitForChange(60_000, NEVER)).rejects.toMatchObject({
			code: 'connection.timeout',
		});
		clearInterval(chatter);
	});

	it('is noticed in the middle of a command', async () => {
		const server = await start({ answers: { 'UID FETCH': silent } });
		const session = await open(server);
		await expect(session.fetchHeads([1])).rejects.toMatchObject({ code: 'connection.timeout' });
	});

	it('is left alone while it keeps IDLE and answers', async () => {
		const server = await start({
			answers: { DONE: (client, command) => client.ok(command) },
		});
		const session = await open(server);
		await expect(session.waitForChange(1_200, NEVER)).resolves.toBe('timeout');
		expect(server.commands.filter(({ name }) => name === 'IDLE').length).toBeGreaterThan(2);
	});

	it('does not hold up the closing', async () => {
		const server = await start({ answers: { DONE: silent, LOGOUT: silent } });
		const connector = imapConnector({ port: server.port });
		// With patient timing: nothing but the grace ends it.
		const session = await createImapDriver(connector, silentLog).openFolder('INBOX', NEVER);
		await server.waitFor('IDLE');
		const from = performance.now();
		await session.close();
		expect(performance.now() - from).toBeLessThanOrEqual(CLOSE_GRACE_MS);
	});

	it.each(['CAPABILITY', 'LOGIN', 'SELECT'])(
		'is given up when it does not answer %s while connecting',
		async (name) => {
			const server = await start({ answers: { [name]: silent } });
			await expect(open(server, { timeoutMs: 150 })).rejects.toMatchObject({
				code: 'connection.timeout',
			});
		},
	);
});

describe('a server that says goodbye', () => {
	it('is quoted', async () => {
		const server = await start();
		const session = await open(server);
		const waiting = session.waitForChange(60_000, NEVER);
		await server.waitFor('IDLE');
		server.push('* BYE maintenance at noon');
		await expect(waiting).rejects.toMatchObject({
			code: 'connection.lost',
			serverReply: 'maintenance at noon',
		});
	});

	it('is quoted also where it does so at once', async () => {
		const server = await start({ greeting: '* BYE maintenance at noon' });
		await expect(open(server)).rejects.toMatchObject({
			code: 'server.unavailable',
			serverReply: 'maintenance at noon',
			retryable: true,
		});
	});

	it('is no reason to throw when it is closed afterwards', async () => {
		const server = await start();
		const session = await open(server);
		await server.close();
		await expect(session.close()).resolves.toBeUndefined();
	});
});

describe('a server that refuses to sign in', () => {
	const refuse =
		(text: string): ImapAnswer =>
		(client, command) =>
			client.no(command, text);

	it.each([
		['[AUTHENTICATIONFAILED] wrong', 'auth.rejected', false],
		['wrong, without a code', 'auth.rejected', false],
		['[UNAVAILABLE] user database is down', 'server.unavailable', true],
		['[LIMIT] not now', 'server.tooManyConnections', true],
		['[ALERT] Too many simultaneous connections. (Failure)', 'server.tooManyConnections', true],
		[
			'[UNAVAILABLE] Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)',
			'server.tooManyConnections',
			true,
		],
		['[PRIVACYREQUIRED] not without TLS', 'auth.unavailable', false],
	])('by "%s" is understood', async (text, code, retryable) => {
		const server = await start({ answers: { LOGIN: refuse(text) } });
		await expect(open(server)).rejects.toMatchObject({ code, retryable });
	});

	it('by offering no way is told from a wrong password', async () => {
		const server = await start({ capabilities: 'IMAP4rev1 LOGINDISABLED' });
		await expect(open(server)).rejects.toMatchObject({ code: 'auth.unavailable' });
		expect(server.commands.map(({ name }) => name)).not.toContain('LOGIN');
	});

	it('leaves no trace of the password in the error', async () => {
		const server = await start({ answers: { LOGIN: refuse('wrong') } });
		const failure: unknown = await open(server, { password: 'top-secret' }).catch(
			(e: unknown) => e,
		);
		expect(server.commands.some(({ args }) => args.includes('top-secret'))).toBe(true);
		expect(inspect(failure, { depth: 10 })).not.toContain('top-secret');
	});

	it('is not asked by a connector that is switched off or has no incoming side', async () => {
		const server = await start();
		await expect(open(server, { enabled: false })).rejects.toMatchObject({
			code: 'connector.disabled',
		});
		expect(server.commands).toEqual([]);
	});
});

describe('a server that has enough connections of this mailbox', () => {
	it.each([
		['with the greeting', { greeting: '* BYE Too many connections from your address' }],
		[
			'after the sign-in',
			{
				answers: {
					SELECT: ((client, { tag }) => {
						client.write(`${tag} BAD User is authenticated but not connected.`);
					}) satisfies ImapAnswer,
				},
			},
		],
	])('is understood when it says so %s', async (_title, script) => {
		const server = await start(script);
		await expect(open(server)).rejects.toMatchObject({
			code: 'server.tooManyConnections',
			retryable: true,
		});
	});

	it('is understood when it ends a connection that was open', async () => {
		const server = await start();
		const session = await open(server);
		const waiting = session.waitForChange(60_000, NEVER);
		await server.waitFor('IDLE');
		server.push('* BYE Too many simultaneous connections');
		await expect(waiting).rejects.toMatchObject({
			code: 'server.tooManyConnections',
			serverReply: 'Too many simultaneous connections',
		});
	});
});

describe('a folder', () => {
	it('finds its next UID where SELECT does not tell it', async () => {
		const server = await start({
			uids: [3, 9],
			answers: {
				SELECT: (client, command) => {
					client.write('* 2 EXISTS', '* OK [UIDVALIDITY 7] valid');
					client.ok(command, '[READ-WRITE] selected');
				},
				STATUS: (client, command) => client.no(command, 'what?'),
			},
		});
		const { folder } = await open(server);
		expect(folder.uidNext).toBe(10);
	});

	it('is read-only where the server says so', async () => {
		const server = await start({
			answers: {
				SELECT: (client, command) => {
					client.write('* 0 EXISTS', '* OK [UIDVALIDITY 7] v', '* OK [UIDNEXT 1] n');
					client.ok(command, '[READ-ONLY] selected');
				},
			},
		});
		const session = await open(server);
		expect(session.folder.readOnly).toBe(true);
		await expect(session.addFlags([1], ['\\Seen'])).rejects.toMatchObject({
			code: 'mailbox.readOnly',
		});
	});

	it.each([
		['[NONEXISTENT] no such folder', 'mailbox.missing'],
		['[UNAVAILABLE] disk is away', 'server.unavailable'],
	])('that cannot be opened is told apart: %s', async (text, code) => {
		const server = await start({
			answers: { SELECT: (client, command) => client.no(command, text) },
		});
		await expect(open(server)).rejects.toMatchObject({ code, subject: 'folder "INBOX"' });
	});

	it('tells that flags were refused', async () => {
		const server = await start({
			uids: [1],
			answers: { 'UID STORE': (client, command) => client.no(command, '[LIMIT] too fast') },
		});
		const session = await open(server);
		await expect(session.addFlags([1], ['\\Seen'])).rejects.toMatchObject({
			code: 'server.throttled',
		});
	});

	it('that gets mail without an announcement shows it to a search after the time is over', async () => {
		let moved = false;
		let asked = false;
		const server = await start({
			answers: {
				DONE: (client, command) => client.ok(command),
				NOOP: (client, command) => {
					asked = moved;
					client.ok(command);
				},
				'UID SEARCH': (client, command) => {
					client.write(asked ? '* SEARCH 5' : '* SEARCH');
					client.ok(command);
				},
			},
		});
		const session = await open(server);
		expect(await session.search({})).toEqual([]);
		moved = true;
		await expect(session.waitForChange(30, NEVER)).resolves.toBe('timeout');
		expect(await session.search({})).toEqual([5]);
	});

	it('wakes at once for what was announced during a fetch', async () => {
		const server = await start({
			uids: [1],
			answers: {
				'UID FETCH': (client, command) => {
					client.write(headRow(1), '* 2 EXISTS');
					client.ok(command);
				},
			},
		});
		const session = await open(server);
		await session.fetchHeads([1]);
		await expect(session.waitForChange(60_000, NEVER)).resolves.toBe('changed');
	});

	it.each(['* 2 EXISTS', '* 1 EXPUNGE', '* 1 FETCH (UID 1 FLAGS (\\Seen))'])(
		'wakes when the server announces %s',
		async (line) => {
			const server = await start({ uids: [1] });
			const session = await open(server);
			const waiting = session.waitForChange(60_000, NEVER);
			await server.waitFor('IDLE');
			server.push(line);
			await expect(waiting).resolves.toBe('changed');
		},
	);
});

describe('one odd mail among others', () => {
	it('is the only one without a head where the server refuses the batch because of it', async () => {
		const server = await start({
			uids: [1, 2, 3, 4, 5],
			answers: {
				'UID FETCH': (client, command) => {
					if (toUids(command.args).includes(4)) client.no(command, '[SERVERBUG] broken mail');
					else heads(client, command);
				},
			},
		});
		const session = await open(server);
		const found = await session.fetchHeads([1, 2, 3, 4, 5]);
		expect(found.map(({ uid }) => uid)).toEqual([1, 2, 3, 4, 5]);
		expect(found.filter((entry) => 'error' in entry)).toMatchObject([
			{ uid: 4, error: { code: 'message.unreadable', serverReply: 'broken mail' } },
		]);
	});

	it('is reported where its row cannot be parsed; what is gone is left out', async () => {
		const server = await start({
			uids: [1, 2, 3],
			answers: {
				'UID SEARCH': (client, command) => {
					client.write('* SEARCH 2');
					client.ok(command);
				},
				'UID FETCH': (client, command) => {
					client.write(headRow(1), '* 2 FETCH (UID 2 FLAGS (((( RFC822.SIZE 1)');
					client.ok(command);
				},
			},
		});
		const session = await open(server);
		const found = await session.fetchHeads([1, 2, 3]);
		expect(found).toMatchObject([
			{ uid: 1, head: { subject: 'mail 1' } },
			{ uid: 2, error: { code: 'message.unreadable' } },
		]);
	});

	it('is reported where the server knows no envelope of it', async () => {
		const server = await start({
			uids: [1, 2],
			answers: {
				'UID FETCH': (client, command) => {
					client.write('* 1 FETCH (UID 1 FLAGS () RFC822.SIZE 9 ENVELOPE NIL)', headRow(2));
					client.ok(command);
				},
			},
		});
		const session = await open(server);
		expect(await session.fetchHeads([1, 2])).toMatchObject([
			{ uid: 1, error: { code: 'message.unreadable' } },
			{ uid: 2, head: { subject: 'mail 2' } },
		]);
	});

	it('does not hide a lost connection', async () => {
		const server = await start({
			uids: [1, 2],
			answers: { 'UID FETCH': (client) => client.end() },
		});
		const session = await open(server);
		await expect(session.fetchHeads([1, 2])).rejects.toMatchObject({ code: 'connection.lost' });
	});

	it('does not hide that the server asks to slow down', async () => {
		const server = await start({
			uids: [1, 2],
			answers: { 'UID FETCH': (client, command) => client.no(command, '[LIMIT] slow down') },
		});
		const session = await open(server);
		await expect(session.fetchHeads([1, 2])).rejects.toMatchObject({ code: 'server.throttled' });
	});
});
