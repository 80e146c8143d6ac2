import { startDovecot } from '../../support/dovecot';
import { fillMaildir } from '../../support/fill-maildir';
import { dovecotDriver, until } from '../../support/real-watch';
import { WatchHost } from '../../support/watch-host';

jest.setTimeout(60_000);

describe('8. A mailbox that may only be read is watched all the same', () => {
	it('mail flows, is given once, and stays as it is', async () => {
		const server = await startDovecot({ readOnlyFolders: ['Shared'] });
		const host = new WatchHost();
		try {
			const { listening } = host.watch(dovecotDriver(server), { folder: 'Shared' });
			await listening;
			const sources = ['one', 'two'].map((subject) =>
				Buffer.from(`Subject: ${subject}\r\n\r\nText.\r\n`),
			);
			fillMaildir(server, 'support@example.test', sources, { folder: 'Shared' });
			await until(() => host.given.length === 2, 50_000);
			await until(() => host.checkpoint?.open.length === 0);
			expect(host.subjects).toEqual(['one', 'two']);
			expect(host.warnings.join()).toContain('may only be read');
		} finally {
			await host.close(async () => await Promise.resolve());
			await server.stop();
		}
	});
});
