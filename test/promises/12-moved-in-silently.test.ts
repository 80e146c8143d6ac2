import { settle, useWatchHost } from '../support/watch-host';

const at = useWatchHost();

describe('12. Mail that is moved into the folder without an announcement is found within a minute', () => {
	it('at any time', async () => {
		at.host.watch(at.mailbox);
		await settle();
		at.mailbox.announce = () => undefined;
		for (let count = 1; count <= 10; count++) {
			await settle(7_000);
			at.mailbox.deliver(`moved in ${count}`);
			await settle(60_000);
			expect(at.host.given).toHaveLength(count);
		}
	});
});
