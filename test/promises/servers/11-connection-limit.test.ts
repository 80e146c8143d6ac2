import { shareMailbox } from '../../../mail/inbox/shared-mailbox';
import { startDovecot } from '../../support/dovecot';
import { dovecotDriver, until } from '../../support/real-watch';
import { WatchHost } from '../../support/watch-host';

jest.setTimeout(60_000);
const USER = 'support@example.test';

describe('11. Several triggers on one mailbox get every mail, though the server allows two connections', () => {
	it('four of them', async () => {
		const server = await startDovecot({ connectionsPerUser: 2 });
		const hosts = [1, 2, 3, 4].map(() => new WatchHost());
		try {
			const watches = hosts.map((host, index) =>
				host.watch(shareMailbox('dovecot', dovecotDriver(server)), {
					watchKey: `trigger ${index} at dovecot`,
				}),
			);
			await Promise.all(watches.map(async ({ listening }) => await listening));
			for (const subject of ['one', 'two', 'three']) {
				await server.deliver(USER, { from: 'ada@example.test', subject, text: subject });
			}
			for (const host of hosts) await until(() => host.given.length === 3, 20_000);
			for (const host of hosts) expect(host.subjects).toEqual(['one', 'two', 'three']);
			expect((await server.logins()).filter(({ ok }) => ok).length).toBeLessThanOrEqual(2);
		} finally {
			await Promise.all(
				hosts.map(async (host) => await host.close(async () => await Promise.resolve())),
			);
			await server.stop();
		}
	});
});
