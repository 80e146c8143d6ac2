import { createGraphDriver } from '../../mail/drivers/graph';
import { mail } from '../contract/mailbox-driver';
import { silentLog } from '../mail/drivers/imap/imap-connector';
import { graphConnector, startGraphTenant } from '../support/graph-mailbox';
import { throttled, unavailable } from '../support/microsoft-tenant/http/fault';
import type { MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { until } from '../support/real-watch';
import { WatchHost } from '../support/watch-host';

let tenant: MicrosoftTenant;
let host: WatchHost;

beforeEach(async () => {
	tenant = await startGraphTenant();
	host = new WatchHost();
});
afterEach(async () => {
	await host.close(async () => await Promise.resolve());
	await tenant.close();
});

describe('17. A service that asks to slow down, with or without saying for how long, gets few requests and loses no mail', () => {
	it.each([
		['429 without Retry-After', throttled()],
		['429 with Retry-After', throttled(1)],
		['503 without Retry-After', unavailable()],
	])('%s', async (_, answer) => {
		const { address } = tenant.addUser('support@contoso.example');
		const driver = createGraphDriver(graphConnector(tenant, address), silentLog, { pollMs: 20 });
		await host.watch(driver).listening;
		const before = tenant.requests.all.length;
		tenant.faults.add({ times: 2, answer });
		for (const subject of ['a', 'b']) await tenant.mailbox(address).deliver(mail(subject));
		await until(() => host.given.length === 2);
		expect(host.subjects).toEqual(['a', 'b']);
		// A storm would be thousands: the folder is looked at every 20 ms here, and refusals come at once.
		const refused = tenant.requests.all.slice(before).filter(({ status }) => status !== 200);
		expect(refused).toHaveLength(2);
		expect(host.faults).toEqual([]);
	});
});
