import { itemsOf } from '../../tools/n8n/execution-data';
import type { N8nClient } from '../../tools/n8n/rest';
import { mail } from '../contract/mailbox-driver';
import { startGraphTenant } from '../support/graph-mailbox';
import type { MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { eventually, executionsWhen, sharedN8n } from '../support/n8n';
import { byGraph, toGraphConnector } from '../support/n8n-graph';
import { toBranches, toTrigger } from '../support/n8n-workflow';

const address = 'support@contoso.example';

let client: N8nClient;
let tenant: MicrosoftTenant;

beforeAll(async () => {
	({ client } = sharedN8n());
	tenant = await startGraphTenant();
	tenant.addUser(address, { mailbox: 'shared' });
});

afterAll(async () => await tenant?.close());

test('an app receives the mail of a shared mailbox by Microsoft Graph, and files it afterwards', async () => {
	const application = tenant.registerApplication({
		secrets: ['s3cr3t~value'],
		appPermissions: ['Mail.ReadWrite'],
		mailboxScope: [address],
	});
	const connector = await client.createCredential(
		toGraphConnector(tenant, application, address, { useFor: 'incoming' }),
	);
	const mailbox = tenant.mailbox(address);
	const archive = mailbox.addFolder('Handled');
	await mailbox.deliver(mail('unread'));
	const trigger = toTrigger(connector, {
		afterProcessing: 'move',
		targetFolder: { __rl: true, mode: 'list', value: 'Handled', cachedResultName: 'Handled' },
	});
	const workflow = await client.createWorkflow(toBranches(byGraph(trigger, connector), ['All']));
	await client.activate(workflow);
	try {
		await executionsWhen(client, workflow.id, (all) => all.length === 1);
		await mailbox.deliver(mail('later'));
		const executions = await executionsWhen(client, workflow.id, (all) => all.length === 2);
		const items = executions.flatMap((execution) => itemsOf(execution, 'All'));
		expect(items.map(({ json }) => json['subject']).sort()).toEqual(['later', 'unread']);
		expect(items[0]?.json).toMatchObject({ attempt: 1, text: expect.stringContaining('Text of') });
		const filed = () => mailbox.messagesIn(archive).length === 2 || undefined;
		expect(await eventually('filed mail', async () => await Promise.resolve(filed()))).toBe(true);
		expect(tenant.requests.leaks).toEqual([]);
	} finally {
		await client.deactivate(workflow.id);
	}
});
