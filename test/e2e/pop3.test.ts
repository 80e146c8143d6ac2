import { itemsOf } from '../../tools/n8n/execution-data';
import type { N8nClient } from '../../tools/n8n/rest';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { eventually, executionsWhen, sharedN8n } from '../support/n8n';
import { toConnector } from '../support/n8n-connector';
import { toBranches, toTrigger } from '../support/n8n-workflow';

const user = 'pop3@example.test';
const FILE = Buffer.from('an order').toString('base64');

let client: N8nClient;
let dovecot: Dovecot;

beforeAll(async () => {
	({ client } = sharedN8n());
	dovecot = await startDovecot({ users: [{ user, password: 'pop3-password' }] });
});

afterAll(async () => {
	await dovecot?.stop();
});

const withFile = [
	'From: a@customers.example',
	'Subject: By POP3',
	'Content-Type: multipart/mixed; boundary=b',
	'',
	'--b',
	'',
	'.A line that begins with a dot',
	'--b',
	'Content-Type: application/pdf; name="order.pdf"',
	'Content-Transfer-Encoding: base64',
	'',
	FILE,
	'--b--',
	'',
].join('\r\n');

test('by POP3 a mail starts the workflow with its attachment, and is deleted afterwards', async () => {
	await dovecot.deliver(user, withFile);
	const connector = await client.createCredential(
		toConnector({ dovecot, user }, { incomingProtocol: 'pop3', pop3Port: dovecot.pop3sPort }),
	);
	const trigger = toTrigger(connector, { afterProcessing: 'delete' });
	const workflow = await client.createWorkflow(toBranches(trigger, ['All']));
	await client.activate(workflow);
	try {
		const executions = await executionsWhen(client, workflow.id, (all) => all.length === 1);
		const [item] = executions.flatMap((execution) => itemsOf(execution, 'All'));
		expect(item?.json).toMatchObject({ subject: 'By POP3', attempt: 1 });
		expect(item?.json['text']).toContain('.A line that begins with a dot');
		expect(item?.binary?.['attachment_0']).toMatchObject({ fileName: 'order.pdf', data: FILE });
		const isEmpty = async () => (await dovecot.messages(user)).length === 0 || undefined;
		expect(await eventually('empty mailbox', isEmpty)).toBe(true);
	} finally {
		await client.deactivate(workflow.id);
	}
});
