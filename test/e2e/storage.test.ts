import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { itemsOf } from '../../tools/n8n/execution-data';
import type { N8nClient } from '../../tools/n8n/rest';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { eventually, executionsWhen, sharedN8n } from '../support/n8n';
import { toConnector } from '../support/n8n-connector';
import { toBranches, toTrigger } from '../support/n8n-workflow';

const user = 'storage@example.test';
const MAILS = 1_000;

let client: N8nClient;
let userFolder: string;
let dovecot: Dovecot;

beforeAll(async () => {
	const shared = sharedN8n();
	({ client } = shared);
	userFolder = dirname(shared.logFile);
	dovecot = await startDovecot({ users: [{ user, password: 'storage-password' }] });
});

afterAll(async () => {
	await dovecot?.stop();
});

const withFile = (index: number, content = randomBytes(20_000)) =>
	[
		'From: a@customers.example',
		`To: ${user}`,
		`Subject: Number ${index}`,
		`Message-ID: <${index}@customers.example>`,
		'MIME-Version: 1.0',
		'Content-Type: multipart/mixed; boundary=b',
		'',
		'--b',
		'',
		'See the file.',
		'--b',
		'Content-Type: application/pdf; name="order.pdf"',
		'Content-Disposition: attachment',
		'Content-Transfer-Encoding: base64',
		'',
		content.toString('base64').replace(/.{76}/g, '$&\r\n'),
		'--b--',
		'',
	].join('\r\n');

/** Files in which n8n keeps what nodes have stored. */
async function storedFiles(): Promise<string[]> {
	const entries = await readdir(userFolder, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile() && entry.parentPath.includes('binary_data'))
		.map((entry) => `${entry.parentPath}/${entry.name}`);
}

/** Mails that the trigger has marked as read, which it does when their execution is over. */
async function countRead(): Promise<number> {
	const names = await readdir(join(dovecot.maildir(user), 'cur')).catch(() => []);
	return names.filter((name) => /:2,[A-Z]*S/.test(name)).length;
}

test('of 1,000 mails with attachments nothing stays on the disk once their executions are deleted', async () => {
	const before = await storedFiles();
	for (let index = 0; index < MAILS; index += 50) {
		const batch = Array.from({ length: 50 }, (_, offset) => withFile(index + offset));
		await Promise.all(batch.map(async (mail) => await dovecot.deliver(user, mail)));
	}
	const connector = await client.createCredential(toConnector({ dovecot, user }));
	const workflow = await client.createWorkflow(toBranches(toTrigger(connector), ['All']));
	await client.activate(workflow);
	await eventually(
		`set of ${MAILS} processed mails`,
		async () => ((await countRead()) === MAILS ? true : undefined),
		60_000,
	);
	await client.deactivate(workflow.id);

	const listed = await client.listExecutions(workflow.id);
	const [first] = listed;
	const execution = await client.getExecution(first?.id ?? '');
	// The attachments were there: inside the data of the executions.
	const [item] = itemsOf(execution, 'All');
	expect(item?.binary?.['attachment_0']).toMatchObject({ fileName: 'order.pdf', bytes: 20_000 });
	expect(await storedFiles()).toEqual(before);

	await client.deleteExecutions(listed.map(({ id }) => id));
	expect(await client.listExecutions(workflow.id)).toEqual([]);
	expect(await storedFiles()).toEqual(before);
});

test('a large attachment is stored in n8n where that was chosen', async () => {
	const content = randomBytes(3_000_000);
	const mail = withFile(MAILS, content);
	const connector = await client.createCredential(toConnector({ dovecot, user }));
	const trigger = toTrigger(connector, {
		options: { largeAttachments: 'store' },
	});
	const workflow = await client.createWorkflow(toBranches(trigger, ['All']));
	await dovecot.deliver(user, mail);
	await client.activate(workflow);
	try {
		const executions = await executionsWhen(client, workflow.id, (all) => all.length === 1);
		const [item] = executions.flatMap((execution) => itemsOf(execution, 'All'));
		expect(item?.binary?.['attachment_0']).toMatchObject({
			id: expect.stringContaining('filesystem'),
			fileName: 'order.pdf',
			bytes: content.length,
		});
	} finally {
		await client.deactivate(workflow.id);
	}
});
