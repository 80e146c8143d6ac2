import { startDovecot } from '../../support/dovecot';
import { asClient } from '../../support/imap-folder';
import { dovecotDriver, until } from '../../support/real-watch';
import { WatchHost } from '../../support/watch-host';

jest.setTimeout(60_000);
const USER = 'support@example.test';

describe('12. Mail that is moved into the folder is found', () => {
	it('by another client, though it is older than what was there', async () => {
		const server = await startDovecot();
		const host = new WatchHost();
		try {
			await asClient(server, async (client) => await client.mailboxCreate('Elsewhere'));
			for (const subject of ['one', 'two']) {
				await server.append(USER, 'Elsewhere', `Subject: ${subject}\r\n\r\nText.\r\n`);
			}
			await host.watch(dovecotDriver(server)).listening;
			await server.deliver(USER, { from: 'ada@example.test', subject: 'before', text: 'x' });
			await until(() => host.given.length === 1);
			await asClient(server, async (client) => {
				const lock = await client.getMailboxLock('Elsewhere');
				await client.messageMove('1:*', 'INBOX');
				lock.release();
			});
			await until(() => host.given.length === 3, 50_000);
			expect(host.subjects).toEqual(['before', 'one', 'two']);
		} finally {
			await host.close(async () => await Promise.resolve());
			await server.stop();
		}
	});
});
