import { createGraphDriver } from '../../mail/drivers/graph';
import { mail } from '../contract/mailbox-driver';
import { silentLog } from '../mail/drivers/imap/imap-connector';
import { graphConnector, startGraphTenant } from '../support/graph-mailbox';
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

describe('16. When Microsoft has forgotten how far a folder was read, nothing is lost and nothing repeated', () => {
	it.each(['gone', 'syncStateNotFound', 'resyncRequired'] as const)(
		'while mail comes, and n8n is killed: %s',
		async (answer) => {
			const { address } = tenant.addUser('support@contoso.example');
			const mailbox = tenant.mailbox(address);
			const driver = createGraphDriver(graphConnector(tenant, address), silentLog, { pollMs: 20 });
			await mailbox.deliver(mail('before'));
			const expected: string[] = [];
			const deliver = async (subject: string) => {
				await mailbox.deliver(mail(subject));
				expected.push(subject);
			};
			const arrived = async () => {
				await until(() => host.given.length >= expected.length);
				expect(host.subjects).toEqual(expected);
			};
			await host.watch(driver).listening;
			await deliver('first');
			await arrived();
			tenant.delta.expireAll(answer);
			await deliver('second');
			await arrived();
			await until(() => host.checkpoint?.mails.length === 0);
			tenant.delta.expireAll(answer);
			await deliver('third');
			host.watchAfterKill(driver);
			await deliver('fourth');
			await arrived();
			const inbox = mailbox.messagesIn(mailbox.folder('inbox'));
			await until(() => inbox.filter(({ content }) => content.isRead).length === expected.length);
			await deliver('fifth');
			await arrived();
			expect(host.faults).toEqual([]);
		},
	);
});
