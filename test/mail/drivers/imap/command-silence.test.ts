import { createImapDriver } from '../../../../mail/drivers/imap';
import type { MailboxSession } from '../../../../mail/ports';
import { startImapServer, type ImapAnswer, type ImapServer } from '../../../support/imap-server';
import { imapConnector, silentLog } from './imap-connector';

const NEVER = new AbortController().signal;
/** Patient in everything but the answers: what fails here fails because of them. */
const timing = { idleRenewalMs: 60_000, socketSilenceMs: 60_000, commandSilenceMs: 150 };

const cleanUp: Array<() => Promise<void>> = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(
	answers: Readonly<Record<string, ImapAnswer>>,
	capabilities?: string,
): Promise<ImapServer> {
	const server = await startImapServer({ answers, capabilities, uids: [1] });
	cleanUp.push(async () => await server.close());
	return server;
}

async function open({ port }: ImapServer, own = timing): Promise<MailboxSession> {
	const driver = createImapDriver(imapConnector({ port }), silentLog, own);
	const session = await driver.openFolder('INBOX', NEVER);
	cleanUp.push(async () => await session.close());
	return session;
}

const silent: ImapAnswer = () => undefined;
const endIdle: ImapAnswer = (client, command) => client.ok(command);
const timeout = { code: 'connection.timeout', retryable: true };

describe('a server that owes an answer and sends nothing', () => {
	it('is given up when it is the answer to a command', async () => {
		const server = await start({ DONE: endIdle, NOOP: endIdle, 'UID FETCH': silent });
		const session = await open(server);
		await expect(session.fetchHeads([1])).rejects.toMatchObject(timeout);
	});

	it('is given up when it is the "+" of IDLE', async () => {
		const session = await open(await start({ IDLE: silent }));
		await expect(session.waitForChange(60_000, NEVER)).rejects.toMatchObject(timeout);
	});

	it('is given up when it is the end of IDLE, although it announced something meanwhile', async () => {
		const server = await start({ DONE: (client) => client.write('* 2 EXISTS') });
		const session = await open(server);
		await server.waitFor('IDLE');
		await expect(session.search({})).rejects.toMatchObject(timeout);
	});

	it('is given up when it is the end of an IDLE that is renewed', async () => {
		const server = await start({ DONE: (client) => client.write('* OK still here') });
		const session = await open(server, { ...timing, idleRenewalMs: 50 });
		await expect(session.waitForChange(60_000, NEVER)).rejects.toMatchObject(timeout);
	});

	it('is given up within the silence that is allowed to it', async () => {
		const server = await start({ DONE: endIdle, 'UID SEARCH': silent });
		const session = await open(server, { ...timing, commandSilenceMs: 500 });
		await server.waitFor('IDLE');
		const from = performance.now();
		await expect(session.search({})).rejects.toMatchObject(timeout);
		const waitedMs = performance.now() - from;
		expect(waitedMs).toBeGreaterThan(400);
		expect(waitedMs).toBeLessThan(950);
	});
});

describe('a server that owes nothing', () => {
	it('may be silent for as long as IDLE lasts', async () => {
		const session = await open(await start({ DONE: endIdle }));
		await expect(session.waitForChange(600, NEVER)).resolves.toBe('timeout');
		await expect(session.search({})).resolves.toEqual([1]);
	});

	it('may be silent between two looks of a client that cannot idle', async () => {
		const session = await open(await start({}, 'IMAP4rev1 NAMESPACE'));
		await expect(session.waitForChange(600, NEVER)).resolves.toBe('timeout');
		await expect(session.search({})).resolves.toEqual([1]);
	});

	it('may take its time for an answer while it sends anything at all', async () => {
		const server = await start({
			DONE: endIdle,
			'UID SEARCH': (client, command) => {
				const chatter = setInterval(() => client.write('* OK searching'), 60);
				setTimeout(() => {
					clearInterval(chatter);
					client.write('* SEARCH 1');
					client.ok(command);
				}, 600);
			},
		});
		const session = await open(server);
		await expect(session.search({})).resolves.toEqual([1]);
	});
});
