import { checkConnector } from '../../../mail/check';
import type { Connector } from '../../../mail/connector';
import { graphConnector } from '../../support/graph-sending';
import type { User } from '../../support/microsoft-tenant/directory/user';
import { type MicrosoftTenant, startMicrosoftTenant } from '../../support/microsoft-tenant/tenant';

describe('the check of a connector for Graph', () => {
	let tenant: MicrosoftTenant;
	let anna: User;
	beforeEach(async () => {
		tenant = await startMicrosoftTenant();
		anna = tenant.addUser('anna@contoso.example');
	});
	afterEach(async () => await tenant.close());

	const toConnector = (changes: Partial<Connector> = {}, mailbox?: string): Connector => {
		const application = tenant.registerApplication({
			appPermissions: ['Mail.ReadWrite', 'Mail.Send'],
		});
		const connector = graphConnector(
			tenant,
			{ application, mailbox: mailbox ?? anna.address },
			changes,
		);
		return { ...connector, incoming: connector.outgoing as Connector['incoming'] };
	};

	it('proves the mailbox on both sides, and sends the test e-mail that was asked for', async () => {
		const report = await checkConnector(toConnector({ testAddress: anna.address }));
		expect(report.ok).toBe(true);
		expect(report.summary).toContain(`for ${anna.address}, INBOX holds 0 e-mails`);
		expect(report.summary).toContain(`the test e-mail to ${anna.address} was accepted`);
		expect(tenant.transport.sent).toHaveLength(1);
		const mime = (await tenant.transport.sent[0]?.mime())?.toString() ?? '';
		expect(mime).toContain('Type: Microsoft Graph');
		expect(mime).toContain(`Mailbox: ${anna.address}`);
	});

	it('says what is wrong with a mailbox that the tenant does not know, and sends nothing', async () => {
		const report = await checkConnector(
			toConnector({ testAddress: anna.address }, 'nobody@contoso.example'),
		);
		expect(report.ok).toBe(false);
		expect(report.error?.code).toBe('mailbox.missing');
		// Both sides are one mailbox: what is wrong with it is said once.
		expect(report.summary).toMatch(
			/^Incoming and outgoing failed while opening the folder\. The tenant does not know the mailbox \(nobody@contoso\.example\)\. The server said: ErrorInvalidUser: [^]*Check the spelling/,
		);
		expect(report.summary.match(/ErrorInvalidUser/g)).toHaveLength(1);
		expect(tenant.transport.sent).toEqual([]);
	});

	it('says which right is missing', async () => {
		const application = tenant.registerApplication({ appPermissions: [] });
		const report = await checkConnector(
			graphConnector(tenant, { application, mailbox: anna.address }),
		);
		expect(report.ok).toBe(false);
		expect(report.error?.code).toBe('auth.permission');
	});
});
