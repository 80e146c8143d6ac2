import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { selectors } from 'playwright-core';
import { itemsOf } from '../../tools/n8n/execution-data';
import type { Execution, N8nClient } from '../../tools/n8n/rest';
import { type CredentialReference, type WorkflowNode, connect } from '../../tools/n8n/workflow';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { eventually, executionsWhen, sharedN8n } from '../support/n8n';
import { toConnector } from '../support/n8n-connector';
import { Editor } from '../support/n8n-editor';
import { toEnd, toMailbox, toTrigger } from '../support/n8n-workflow';

const END = 'End';

let client: N8nClient;
/** Where n8n keeps its binary data, among other things. */
let userFolder: string;
let dovecot: Dovecot;
let user: string;
let connector: CredentialReference;
let active: string[] = [];

const free = Array.from({ length: 3 }, (_, index) => ({
	user: `box${index}@example.test`,
	password: `box${index}-password`,
}));

beforeAll(async () => {
	selectors.setTestIdAttribute('data-test-id');
	const shared = sharedN8n();
	({ client } = shared);
	userFolder = dirname(shared.logFile);
	dovecot = await startDovecot({ users: [...free] });
});

afterAll(async () => {
	await dovecot?.stop();
});

beforeEach(async () => {
	user = free.shift()?.user ?? '';
	connector = await client.createCredential(toConnector({ dovecot, user }));
});

afterEach(async () => {
	for (const id of active) await client.deactivate(id);
	active = [];
});

/** The trigger, the nodes one behind the other, and an end. */
async function createChain(...nodes: WorkflowNode[]) {
	const chain = [toTrigger(connector), ...nodes, toEnd(END)].map((node, index) => ({
		...node,
		position: [index * 240, 0] as const,
	}));
	return await client.createWorkflow({
		name: chain.map(({ name }) => name).join(', '),
		nodes: chain,
		connections: Object.assign(
			{},
			...chain.slice(1).map(({ name }, index) => connect(chain[index]?.name ?? '', [name])),
		) as ReturnType<typeof connect>,
		settings: { executionOrder: 'v1' },
	});
}

async function activateChain(...nodes: WorkflowNode[]): Promise<string> {
	const workflow = await createChain(...nodes);
	active.push(workflow.id);
	await client.activate(workflow);
	return workflow.id;
}

const folder = (path: string) => ({
	__rl: true,
	mode: 'list',
	value: path,
	cachedResultName: path,
});

const withFiles = (subject: string, files: Readonly<Record<string, Buffer>>) =>
	[
		'From: Ann Lee <ann@customers.example>',
		`To: ${user}`,
		`Subject: ${subject}`,
		`Message-ID: <${subject.replaceAll(' ', '.')}@customers.example>`,
		'MIME-Version: 1.0',
		'Content-Type: multipart/mixed; boundary=b',
		'',
		'--b',
		'',
		'See the files.',
		...Object.entries(files).flatMap(([name, content]) => [
			'--b',
			`Content-Type: application/pdf; name="${name}"`,
			'Content-Disposition: attachment',
			'Content-Transfer-Encoding: base64',
			'',
			content.toString('base64').replace(/.{76}/g, '$&\r\n'),
		]),
		'--b--',
		'',
	].join('\r\n');

const endOf = (executions: readonly Execution[]) =>
	executions.flatMap((execution) => itemsOf(execution, END));

/** All files of n8n's binary store. */
async function storedFiles(): Promise<string[]> {
	const entries = await readdir(userFolder, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile() && entry.parentPath.includes('binary_data'))
		.map((entry) => `${entry.parentPath}/${entry.name}`);
}

test('a workflow gets the attachments of the mail that started it, and moves it away', async () => {
	const id = await activateChain(
		toMailbox('Attachments', connector, { operation: 'getAttachments' }),
		toMailbox('Archive', connector, { operation: 'move', targetFolder: folder('Archive') }),
	);
	// The trigger itself leaves the large one on the server.
	const files = { 'small.pdf': randomBytes(2_000), 'large.pdf': randomBytes(3_000_000) };
	await dovecot.deliver(user, withFiles('With files', files));

	const executions = await executionsWhen(client, id, (all) => endOf(all).length === 1);
	const [item] = endOf(executions);
	expect(item?.json).toMatchObject({
		subject: 'With files',
		attachments: [
			{ fileName: 'small.pdf', sizeBytes: 2_000, binaryProperty: 'attachment_0' },
			{ fileName: 'large.pdf', sizeBytes: 3_000_000, binaryProperty: 'attachment_1' },
		],
		warnings: [],
		reference: { folder: 'Archive' },
	});
	expect(item?.binary?.['attachment_1']).toMatchObject({
		fileName: 'large.pdf',
		mimeType: 'application/pdf',
		bytes: 3_000_000,
	});
	expect(await dovecot.waitForMessages(user, 1, 'Archive')).toHaveLength(1);
	expect(await dovecot.messages(user)).toEqual([]);
});

test('of attachments nothing stays on the disk once the executions are deleted', async () => {
	const before = await storedFiles();
	const id = await activateChain(
		toMailbox('Attachments', connector, { operation: 'getAttachments' }),
	);
	const count = 5;
	for (let index = 0; index < count; index++) {
		const files = { 'a.pdf': randomBytes(2_000), 'b.pdf': randomBytes(1_500_000) };
		await dovecot.deliver(user, withFiles(`Number ${index}`, files));
	}
	const executions = await executionsWhen(client, id, (all) => endOf(all).length === count);
	const during = await storedFiles();
	// One file for each attachment, or two where n8n keeps its type and name in another.
	expect(during.length - before.length).toBeGreaterThanOrEqual(2 * count);

	await client.deleteExecutions(executions.map((execution) => execution.id));
	const left = await eventually('disk without files of deleted executions', async () => {
		const now = await storedFiles();
		return now.length <= before.length ? now : undefined;
	});
	expect(left).toEqual(before);
});

test('in the editor the node shows what its operation needs, and runs on the items of the trigger', async () => {
	await dovecot.deliver(user, withFiles('Order 4711', { 'order.pdf': randomBytes(20_000) }));
	const { id } = await createChain(
		toMailbox('Mailbox', connector, { operation: 'getAttachments' }),
	);
	const editor = await Editor.open(client);
	try {
		await editor.openWorkflow(id);
		await editor.node('Mailbox').dblclick();
		expect(await editor.choiceOf('operation')).toBe('Get Attachments');
		await editor.field('reference').waitFor();
		expect(await editor.field('targetFolder').count()).toBe(0);

		await editor.part('node-execute-button').click();
		const output = editor.part('output-panel');
		await output.getByText('order.pdf').first().waitFor();
		await editor.closeMessages();
		await output.getByText('Schema', { exact: true }).click();
		await editor.takePicture('mailbox', 910);

		await editor.choose('operation', 'Search');
		await editor.field('searchFolder').waitFor();
		expect(await editor.field('reference').count()).toBe(0);
		await editor.takePicture('mailbox-search', 910);

		await editor.choose('operation', 'Move');
		await editor.field('targetFolder').waitFor();
		await editor.takePicture('mailbox-move', 910);
	} finally {
		await editor.close();
	}
});
