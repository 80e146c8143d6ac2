import { createGraphDriver } from '../../../../mail/drivers/graph';
import { describeMailboxDriver, type ContractMailbox } from '../../../contract/mailbox-driver';
import { graphConnector, startGraphTenant, withTransport } from '../../../support/graph-mailbox';
import type { MicrosoftTenant } from '../../../support/microsoft-tenant/tenant';
import { silentLog } from '../imap/imap-connector';

let tenant: MicrosoftTenant;
let next = 0;

beforeAll(async () => {
	tenant = await startGraphTenant();
});
afterAll(async () => await tenant.close());

async function openMailbox(): Promise<ContractMailbox> {
	const { address } = tenant.addUser(`user${next++}@contoso.example`);
	const mailbox = tenant.mailbox(address);
	mailbox.addFolder('Other');
	let isFrozen = false;
	const connector = withTransport(graphConnector(tenant, address), (transport) => ({
		fetch: async (url, request) => {
			if (!isFrozen) return await transport.fetch(url, request);
			return await new Promise((_, reject) => {
				request.signal?.addEventListener('abort', () => reject(new Error('given up')));
			});
		},
	}));
	await Promise.resolve();
	return {
		driver: createGraphDriver(connector, silentLog, { pollMs: 20 }),
		folder: 'INBOX',
		otherFolder: 'Other',
		// Exchange reads a delivery report itself, and Graph lists its parts no more.
		showsReports: false,
		deliver: async (source) => {
			await mailbox.deliver(source);
		},
		remove: async (subject) => {
			const found = mailbox.messages.find(({ content }) => content.subject === subject);
			if (found !== undefined) mailbox.remove(found);
			await Promise.resolve();
		},
		subjects: async (folder) =>
			await Promise.resolve(
				mailbox
					.messagesIn(mailbox.folder(folder.toLowerCase() === 'inbox' ? 'inbox' : folder))
					.map(({ content }) => content.subject)
					.sort(),
			),
		freeze: () => (isFrozen = true),
		thaw: () => (isFrozen = false),
	};
}

describe('the Graph driver keeps the contract of mailboxes', () => {
	describeMailboxDriver(openMailbox);
});
