import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import { itemsOf } from '../../tools/n8n/execution-data';
import type { CredentialData, Execution, N8nClient } from '../../tools/n8n/rest';
import { type CredentialReference, connect, type WorkflowNode } from '../../tools/n8n/workflow';
import { startGraphTenant } from '../support/graph-mailbox';
import type { Application } from '../support/microsoft-tenant/directory/application';
import type { MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { sharedN8n } from '../support/n8n';
import { byGraph, toGraphConnector } from '../support/n8n-graph';
import { toEnd, toMailbox, toSender } from '../support/n8n-workflow';

const START = 'Start';
const FILE = 'File';
const SEND = 'Send Email';
const ANNA = 'anna@contoso.example';
const SALES = 'sales@contoso.example';
const CUSTOMER = 'ada@customer.example';

/** Three slices of 3,932,160 bytes, the last of them not full. */
const large = randomBytes(10 * 1024 * 1024);

let client: N8nClient;
let tenant: MicrosoftTenant;
let application: Application;
let connector: CredentialReference;
let files: Server;

beforeAll(async () => {
	({ client } = sharedN8n());
	files = createServer((request, response) => {
		const isLarge = request.url === '/large.bin';
		response.setHeader('Content-Type', isLarge ? 'application/octet-stream' : 'application/pdf');
		response.end(isLarge ? large : '%PDF-1.4 small');
	});
	await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
});

afterAll(() => files?.close());

beforeEach(async () => {
	tenant = await startGraphTenant();
	tenant.addUser(ANNA, { password: 'pass word' });
	tenant.addUser(SALES, { mailbox: 'shared' });
	application = tenant.registerApplication({
		secrets: ['s3cr3t~value'],
		appPermissions: ['Mail.ReadWrite', 'Mail.Send'],
		delegatedPermissions: [
			'Mail.ReadWrite',
			'Mail.Send',
			'Mail.ReadWrite.Shared',
			'Mail.Send.Shared',
		],
	});
	connector = await addConnector(ANNA);
});

afterEach(async () => await tenant.close());

async function addConnector(
	mailbox: string,
	changes: CredentialData['data'] = {},
): Promise<CredentialReference> {
	return await client.createCredential(toGraphConnector(tenant, application, mailbox, changes));
}

/** Runs these nodes by hand, one after the other. */
async function run(...nodes: readonly WorkflowNode[]): Promise<Execution> {
	const start = { ...toEnd(START), type: 'n8n-nodes-base.manualTrigger' };
	const all = [start, ...nodes];
	const { id } = await client.createWorkflow({
		name: 'Send by Graph',
		nodes: all,
		connections: Object.assign(
			{},
			...nodes.map(({ name }, index) => connect(all[index]?.name ?? START, [name])),
		),
		settings: { executionOrder: 'v1' },
	});
	return await client.waitForExecution(await client.runManually(id, START));
}

const send = (parameters: WorkflowNode['parameters'], used = connector) =>
	byGraph(
		toSender(SEND, used, { to: CUSTOMER, subject: 'Hello', text: 'Hello Ada', ...parameters }),
		used,
	);

/** A file as the item's binary data. */
const download = (path: string): WorkflowNode => ({
	...toEnd(FILE),
	type: 'n8n-nodes-base.httpRequest',
	typeVersion: 4.2,
	parameters: {
		url: `http://127.0.0.1:${(files.address() as AddressInfo).port}/${path}`,
		options: { response: { response: { responseFormat: 'file' } } },
	},
});

const folderOf = (address: string, folder: string) => {
	const mailbox = tenant.mailbox(address);
	return mailbox.messagesIn(mailbox.folder(folder));
};

const resultOf = (execution: Execution) => {
	expect(execution.error).toBeUndefined();
	return itemsOf(execution, SEND)[0]?.json;
};

test('an app sends text, HTML and a small file, and the item knows the e-mail by its ids', async () => {
	const execution = await run(
		download('small.pdf'),
		send({
			messageFormat: 'both',
			html: '<b>Hello Ada</b>',
			options: { attachments: '*', importance: 'high' },
		}),
	);

	const result = resultOf(execution);
	const [sent, ...more] = tenant.transport.sent;
	expect(more).toEqual([]);
	expect(sent).toMatchObject({ mailbox: ANNA, recipients: [CUSTOMER] });
	const mail = await simpleParser((await sent?.mime()) ?? '');
	expect(mail).toMatchObject({
		subject: 'Hello',
		text: expect.stringContaining('Hello Ada'),
		html: expect.stringContaining('<b>Hello Ada</b>'),
		attachments: [{ filename: 'small.pdf', content: Buffer.from('%PDF-1.4 small') }],
	});
	const [kept] = folderOf(ANNA, 'sentitems');
	expect(result).toMatchObject({
		messageId: kept?.content.internetMessageId,
		serverId: kept?.immutableId,
		accepted: [CUSTOMER],
		rejected: [],
		connector: { asked: ANNA, used: ANNA },
		savedToSent: { status: 'saved', folder: 'Sent Items' },
	});
	expect(folderOf(ANNA, 'drafts')).toEqual([]);
});

test('a file of 10 MB goes in three slices to an address that gets no token', async () => {
	const execution = await run(download('large.bin'), send({ options: { attachments: 'data' } }));

	expect(resultOf(execution)).toMatchObject({ accepted: [CUSTOMER] });
	expect(tenant.requests.matching(/^PUT /).map(({ status }) => status)).toEqual([200, 200, 201]);
	expect(tenant.requests.matching(/createUploadSession$/)).toHaveLength(1);
	expect(tenant.requests.leaks).toEqual([]);
	const [attached] = tenant.transport.sent[0]?.message.attachments ?? [];
	expect(attached).toMatchObject({
		name: 'large.bin',
		content: { sha256: createHash('sha256').update(large).digest('hex') },
	});
});

test('a draft is saved with its file, and the Mailbox node finds it by its reference', async () => {
	const draft = byGraph(
		toSender(SEND, connector, {
			operation: 'saveDraft',
			to: CUSTOMER,
			subject: 'To be read first',
			text: 'Not yet.',
			options: { attachments: '*' },
		}),
		connector,
	);
	const get = byGraph(toMailbox('Get', connector, { operation: 'getMessage' }), connector);

	const execution = await run(download('large.bin'), draft, get);

	const [stored] = folderOf(ANNA, 'drafts');
	expect(resultOf(execution)).toMatchObject({
		folder: 'Drafts',
		messageId: stored?.content.internetMessageId,
		reference: { serverId: stored?.immutableId },
	});
	expect(stored?.attachments).toHaveLength(1);
	expect(tenant.transport.sent).toEqual([]);
	expect(itemsOf(execution, 'Get')[0]?.json).toMatchObject({ subject: 'To be read first' });
});

test('where no copy is wanted, none is in Sent Items, whether the node says so or the connector', async () => {
	const silent = await addConnector(ANNA, { sentCopy: 'never' });

	const runs = [await run(send({ options: { saveToSent: 'never' } })), await run(send({}, silent))];

	expect(runs.map(resultOf)).toMatchObject(
		Array.from(runs, () => ({ savedToSent: { status: 'skipped' } })),
	);
	expect(tenant.transport.sent).toHaveLength(2);
	expect([folderOf(ANNA, 'sentitems'), folderOf(ANNA, 'deleteditems')]).toEqual([[], []]);
});

test('a user sends as a shared mailbox, and on behalf of it, as the rights on it are', async () => {
	const shared = tenant.directory.findUser(SALES);
	shared?.fullAccess.add(ANNA);
	shared?.sendAs.add(ANNA);
	const asAnna = { signIn: 'userPassword', user: ANNA, password: 'pass word' };
	const used = await addConnector(SALES, asAnna);

	expect(resultOf(await run(send({ subject: 'As' }, used)))).toMatchObject({ rejected: [] });
	shared?.sendAs.clear();
	shared?.sendOnBehalf.add(ANNA);
	expect(resultOf(await run(send({ subject: 'Behalf' }, used)))).toMatchObject({ rejected: [] });

	const senders = tenant.transport.sent.map(({ mailbox, message: { content } }) => [
		content.subject,
		mailbox,
		content.from?.emailAddress.address,
		content.sender?.emailAddress.address,
	]);
	expect(senders).toEqual([
		['As', SALES, SALES, SALES],
		['Behalf', SALES, SALES, ANNA],
	]);
	expect(folderOf(SALES, 'sentitems')).toHaveLength(2);
});
