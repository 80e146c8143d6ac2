import { createImapDriver } from '../../mail/drivers/imap';
import type { MailboxDriver } from '../../mail/ports';
import { createRouter } from '../../mail/routing/router';
import type { Route } from '../../mail/routing/route';
import { imapConnector, silentLog } from '../mail/drivers/imap/imap-connector';
import { route } from '../mail/routing/settings';
import { startDovecot, type Dovecot } from '../support/dovecot';
import { type FaultProxy, startFaultProxy } from '../support/fault-proxy';
import { readCorpus } from '../support/parsed-mail';
import { until } from '../support/real-watch';
import { WatchHost, watchSettings } from '../support/watch-host';

jest.setTimeout(60_000);
const USER = { user: 'support@example.test', password: 'support-password' };
const TEXT_BYTES = 300_000;
const FILE_BYTES = 400_000;

let server: Dovecot;
let proxy: FaultProxy;
let host: WatchHost;
let bytes = 0;
let commands: string[] = [];

beforeEach(async () => {
	server = await startDovecot({ users: [USER] });
	proxy = await startFaultProxy({ host: server.host, port: server.imapPort });
	host = new WatchHost();
	bytes = 0;
	commands = [];
	proxy.watch((direction, chunk) => {
		if (direction === 'toClient') bytes += chunk.length;
		else commands.push(...chunk.toString('latin1').split('\r\n').filter(Boolean));
	});
});
afterEach(async () => {
	await host.close(async () => await Promise.resolve());
	await proxy.close();
	await server.stop();
});

function driver(): MailboxDriver {
	const { host: name, port } = proxy;
	return createImapDriver(imapConnector({ host: name, port, ...USER }), silentLog);
}

const large = (subject: string) =>
	[
		'From: ada@example.test',
		`Subject: ${subject}`,
		'Date: Tue, 03 Nov 2026 10:15:30 +0100',
		'MIME-Version: 1.0',
		'Content-Type: multipart/mixed; boundary="b"',
		'',
		'--b',
		'Content-Type: text/plain',
		'',
		`cancel my order${'\r\nx'.repeat(TEXT_BYTES / 3)}`,
		'--b',
		'Content-Type: application/octet-stream',
		'Content-Disposition: attachment; filename="a.bin"',
		'',
		'y'
			.repeat(900)
			.concat('\r\n')
			.repeat(FILE_BYTES / 902),
		'--b--',
		'',
	].join('\r\n');

async function read(routes: readonly Route[], sources: ReadonlyArray<string | Buffer>) {
	for (const source of sources) await server.append(USER.user, 'INBOX', source);
	const router = createRouter({ routes, companies: [], mode: 'first' });
	host.watch(driver(), {
		startWith: { kind: 'all' },
		messagesPerExecution: 20,
		decide: (head, body) => router.decide(head, body),
		content: { ...watchSettings.content, includeText: false },
	});
	await until(() => host.given.length === sources.length, 30_000);
	return host.given.map(({ decision }) => decision.matches[0]?.name ?? 'Fallback');
}

const bodyFetches = () => commands.filter((command) => /BODY(\.PEEK)?\[(?!HEADER)/.test(command));

const vip = route({ name: 'VIP', priority: 10, rules: [{ field: 'subject', value: 'vip' }] });
const cancelled = route({
	name: 'Cancelled',
	priority: 20,
	rules: [
		{ field: 'body', value: 'cancel my order' },
		{ field: 'subject', value: 'order' },
	],
});

describe('Where the item holds no text', () => {
	it('nothing of a body is downloaded for mail that the head decides', async () => {
		const sources = ['vip order', 'hello', 'a vip'].map(large);
		expect(await read([vip, cancelled], sources)).toEqual(['VIP', 'Fallback', 'VIP']);
		expect(bodyFetches()).toEqual([]);
		expect(bytes).toBeLessThan(20_000);
		expect(host.given.map(({ body, textIsLeftOut }) => [body?.text, textIsLeftOut])).toEqual(
			Array.from({ length: 3 }, () => ['', true]),
		);
	});

	it('the text of that mail alone is downloaded whose text decides, and no file', async () => {
		const sources = ['vip order', 'my order'].map(large);
		expect(await read([vip, cancelled], sources)).toEqual(['VIP', 'Cancelled']);
		expect(bodyFetches()).toHaveLength(1);
		expect(bytes).toBeGreaterThan(TEXT_BYTES);
		expect(bytes).toBeLessThan(TEXT_BYTES + 30_000);
		expect(host.given.map(({ body }) => body?.text)).toEqual(['', '']);
	});

	it('of a bounce only the report is downloaded, and its rule is decided by it', async () => {
		const bounced = route({ name: 'Gone', rules: [{ field: 'bounce', value: 'permanent' }] });
		expect(await read([bounced, cancelled], [readCorpus('bounce/postfix')])).toEqual(['Gone']);
		expect(bodyFetches()).toEqual([expect.stringMatching(/BODY\.PEEK\[2\].*BODY\.PEEK\[3\]/)]);
	});
});
