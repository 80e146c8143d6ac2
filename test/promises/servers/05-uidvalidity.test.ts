import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startDovecot, type Dovecot } from '../../support/dovecot';
import { asClient } from '../../support/imap-folder';
import { dovecotDriver, until } from '../../support/real-watch';
import { WatchHost } from '../../support/watch-host';

jest.setTimeout(60_000);
const USER = 'support@example.test';

let server: Dovecot;
let host: WatchHost;
beforeEach(async () => {
	server = await startDovecot();
	host = new WatchHost();
});
afterEach(async () => {
	await host.close(async () => await Promise.resolve());
	await server.stop();
});

const deliver = async (...subjects: string[]) => {
	for (const subject of subjects) {
		await server.deliver(USER, { from: 'ada@example.test', subject, text: subject });
	}
};
const unreadCount = async () =>
	await asClient(server, async (client) => {
		const status = await client.status('INBOX', { unseen: true });
		return status === false ? undefined : status.unseen;
	});

/** The mails stay; what the server knows of them is gone: another UIDVALIDITY, UIDs from 1. */
const forget = async () => {
	// Dovecot takes the time in seconds for it.
	const second = Math.floor(Date.now() / 1_000);
	await until(() => Math.floor(Date.now() / 1_000) > second);
	const maildir = server.maildir(USER);
	for (const name of await readdir(maildir)) {
		if (name.startsWith('dovecot')) await rm(join(maildir, name), { recursive: true });
	}
};

describe('5. When UIDVALIDITY changes and UIDs start lower, nothing is lost and nothing repeated', () => {
	it.each(['finished', 'under way'])('while the mails of before are %s', async (state) => {
		await deliver('gone 1', 'gone 2', 'gone 3');
		await asClient(server, async (client) => {
			const lock = await client.getMailboxLock('INBOX');
			await client.messageDelete('1:*');
			lock.release();
		});
		host.holdExecutions = state === 'under way';
		const driver = dovecotDriver(server);
		await host.watch(driver).listening;
		await deliver('one', 'two');
		await until(() => host.given.length === 2);
		expect(host.given[0]?.uid).toBe(4);
		if (state === 'finished') await until(async () => (await unreadCount()) === 0);

		await server.restart(forget);
		await deliver('three');
		await until(() => host.given.length === 3, 20_000);
		for (const end of host.ends.splice(0)) end({ kind: 'succeeded' });
		await until(async () => (await unreadCount()) === 0, 20_000);
		await until(() => host.checkpoint?.open.length === 0);
		expect(host.subjects).toEqual(['one', 'two', 'three']);
	});
});
