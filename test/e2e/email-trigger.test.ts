import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { deepMail } from '../../demo/raw-mails';
import { itemsOf } from '../../tools/n8n/execution-data';
import type { Execution, N8nClient } from '../../tools/n8n/rest';
import type { CredentialReference, WorkflowNode } from '../../tools/n8n/workflow';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { eventually, executionsWhen, sharedN8n } from '../support/n8n';
import { toConnector } from '../support/n8n-connector';
import { TRIGGER, toBranches, toTrigger } from '../support/n8n-workflow';

let client: N8nClient;
let dovecot: Dovecot;
/** A mailbox of its own for each test. */
let user: string;
let connector: CredentialReference;
let active: string[] = [];

const users = Array.from({ length: 12 }, (_, index) => ({
	user: `box${index}@example.test`,
	password: `box${index}-password`,
}));
const free = [...users];

beforeAll(async () => {
	({ client } = sharedN8n());
	dovecot = await startDovecot({ users });
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

const routes = {
	route: [
		{ name: 'Urgent', rules: { rule: [{ field: 'importance' }] } },
		{ name: 'Invoices', rules: { rule: [{ field: 'subject', value: 'invoice; rechnung' }] } },
		{ name: 'Friends', rules: { rule: [{ field: 'sender', value: '*@friends.test' }] } },
	],
};
const ends = ['Urgent', 'Invoices', 'Friends', 'Fallback', 'Error'];

async function activate(parameters: WorkflowNode['parameters']): Promise<string> {
	const workflow = await client.createWorkflow(toBranches(toTrigger(connector, parameters), ends));
	active.push(workflow.id);
	await client.activate(workflow);
	return workflow.id;
}

const subjectsAt = (executions: readonly Execution[], end: string): unknown[] =>
	executions
		.flatMap((execution) => itemsOf(execution, end).map(({ json }) => json['subject']))
		.sort();

const subjects = (executions: readonly Execution[]): unknown[] =>
	ends.flatMap((end) => subjectsAt(executions, end));

const from = (sender: string, subject: string) => ({ from: sender, subject, text: 'Text' });

async function seenCount(): Promise<number> {
	const names = await readdir(join(dovecot.maildir(user), 'cur'));
	return names.filter((name) => /:2,[A-RT-Z]*S/.test(name)).length;
}

test('each mail takes the first route that fits, or the fallback, and is read afterwards', async () => {
	const id = await activate({ routes });
	const important = [
		'From: a@other.test',
		'Subject: Rechnung, important',
		'X-Priority: 1',
		'',
		'x',
	];

	await dovecot.deliver(user, from('a@other.test', 'Your INVOICE'));
	await dovecot.deliver(user, from('b@friends.test', 'Hello'));
	await dovecot.deliver(user, from('c@other.test', 'Something else'));
	await dovecot.deliver(user, important.join('\r\n'));

	const executions = await executionsWhen(client, id, (all) => subjects(all).length === 4);
	expect(Object.fromEntries(ends.map((end) => [end, subjectsAt(executions, end)]))).toEqual({
		Urgent: ['Rechnung, important'],
		Invoices: ['Your INVOICE'],
		Friends: ['Hello'],
		Fallback: ['Something else'],
		Error: [],
	});
	expect(await eventually('mark', async () => (await seenCount()) === 4 || undefined)).toBe(true);
});

test('with every match, a mail leaves by each route that fits', async () => {
	const id = await activate({ routes, routingMode: 'every' });

	await dovecot.deliver(user, from('b@friends.test', 'Invoice of a friend'));

	const executions = await executionsWhen(client, id, (all) => subjects(all).length === 2);
	expect(subjectsAt(executions, 'Invoices')).toEqual(['Invoice of a friend']);
	expect(subjectsAt(executions, 'Friends')).toEqual(['Invoice of a friend']);
});

test('a mail that was read before stays unprocessed, one that was unread is taken', async () => {
	await dovecot.append(user, 'INBOX', 'Subject: Old and read\r\n\r\nText', ['\\Seen']);
	await dovecot.append(user, 'INBOX', 'Subject: Old and unread\r\n\r\nText');
	const id = await activate({ startWith: 'unread', routes });

	await dovecot.deliver(user, from('a@other.test', 'New'));

	const executions = await executionsWhen(client, id, (all) => subjects(all).length >= 2);
	expect(subjectsAt(executions, 'Fallback')).toEqual(['New', 'Old and unread']);
});

test('starting with new mail takes nothing that was there', async () => {
	await dovecot.append(user, 'INBOX', 'Subject: Old and unread\r\n\r\nText');
	const id = await activate({ startWith: 'new', routes });

	await dovecot.deliver(user, from('a@other.test', 'New'));

	const executions = await executionsWhen(client, id, (all) => subjects(all).length >= 1);
	expect(subjectsAt(executions, 'Fallback')).toEqual(['New']);
});

test('a mail that nobody can parse leaves by the error output with its source, and the next one by its own', async () => {
	const id = await activate({ routes, options: { attempts: 2 } });

	await dovecot.deliver(user, deepMail(user));
	await dovecot.deliver(user, from('b@friends.test', 'Behind it'));

	const executions = await executionsWhen(client, id, (all) => subjects(all).length === 2);
	const [broken] = executions.flatMap((execution) => itemsOf(execution, 'Error'));
	expect(broken?.json['subject']).toBe('This one is broken');
	expect(broken?.json['error']).toEqual({
		message: expect.stringContaining('could not be read'),
		remedy: expect.any(String),
	});
	const source = Buffer.from(broken?.binary?.['raw']?.data ?? '', 'base64').toString();
	expect(source).toContain('boundary="level-149"');
	expect(subjectsAt(executions, 'Friends')).toEqual(['Behind it']);
});

test('small attachments travel inside the item', async () => {
	const id = await activate({ routes });
	const mail = [
		'From: a@other.test',
		'Subject: With a file',
		'MIME-Version: 1.0',
		'Content-Type: multipart/mixed; boundary=b',
		'',
		'--b',
		'Content-Type: text/plain',
		'',
		'See the file.',
		'--b',
		"Content-Type: application/pdf; name*=utf-8''f%C3%BCr%20dich.pdf",
		'Content-Disposition: attachment',
		'Content-Transfer-Encoding: base64',
		'',
		Buffer.from('%PDF-1.4').toString('base64'),
		'--b--',
		'',
	];

	await dovecot.deliver(user, mail.join('\r\n'));

	const executions = await executionsWhen(client, id, (all) => subjects(all).length === 1);
	const [item] = executions.flatMap((execution) => itemsOf(execution, 'Fallback'));
	expect(item?.json).toMatchObject({
		text: expect.stringContaining('See the file.'),
		from: { name: '', address: 'a@other.test' },
		attachments: [{ fileName: 'für dich.pdf', mimeType: 'application/pdf', sizeBytes: 8 }],
	});
	const binary = item?.binary?.['attachment_0'];
	expect(Buffer.from(binary?.data ?? '', 'base64').toString()).toBe('%PDF-1.4');
});

test('a manual run shows the newest mail at once and leaves it as it is', async () => {
	await dovecot.deliver(user, from('a@other.test', 'Older'));
	await dovecot.deliver(user, from('b@friends.test', 'Newest'));
	const workflow = await client.createWorkflow(toBranches(toTrigger(connector, { routes }), ends));

	const run = await client.runManually(workflow.id, TRIGGER);

	const execution = await client.waitForExecution(run);
	expect([execution.status, subjects([execution])]).toEqual(['success', ['Newest']]);
	expect(subjectsAt([execution], 'Friends')).toEqual(['Newest']);
	expect(await seenCount()).toBe(0);
});

const brokenRules = [
	{ rule: { field: 'sender', value: 'no address' }, says: /no address/ },
	{ rule: { field: 'company', value: 'Unknown Ltd' }, says: /Unknown Ltd/ },
	{ rule: { field: 'company', companies: ['Gone Ltd'] }, says: /Gone Ltd/ },
	{ rule: { field: 'subject', value: ' ; ' }, says: /list/ },
	{ rule: { field: 'subject', operator: 'matches', value: '(' }, says: /no pattern/ },
];

test('a rule that makes no sense keeps the workflow from activating, and is named', async () => {
	const sentences = await Promise.all(
		brokenRules.map(async ({ rule }) => {
			const fine = { rule: [{ field: 'importance' }] };
			const route = [
				{ name: 'Fine', rules: fine },
				{ name: 'Broken', rules: { rule: [rule] } },
			];
			return await activate({ routes: { route } }).then(String, (error: Error) => error.message);
		}),
	);

	brokenRules.forEach(({ says }, index) => {
		expect(sentences[index]).toMatch(/route "Broken".*rule 1/i);
		expect(sentences[index]).toMatch(says);
	});
});

const twice = { recipientAddress: 'a@b.test', name: 'Twice' };
const brokenSettings = [
	{ parameters: { routes: { route: [twice, twice] } }, says: 'routes 1 and 2 have the same name' },
	{
		parameters: { routes: { route: [{ ...twice, name: 'Error' }] } },
		says: 'this name belongs to the error output',
	},
	{
		parameters: { companiesJson: '[{"name": "A", "domains": "a.test"}, {"name": 5}]' },
		says: 'Companies From JSON, company 2: "name" must be a text',
	},
	{
		parameters: { companiesJson: '={{ $vars.companies }}' },
		says: 'the expression "{{ $vars.companies }}" gives nothing',
	},
];

test('routes and companies that make no sense keep the workflow from activating, and are named', async () => {
	const sentences = await Promise.all(
		brokenSettings.map(
			async ({ parameters }) =>
				await activate(parameters).then(String, (error: Error) => error.message),
		),
	);
	brokenSettings.forEach(({ says }, index) => expect(sentences[index]).toContain(says));
});

test('a wrong password costs a handful of sign-ins, and the fault is shown', async () => {
	const wrong = toConnector({ dovecot, user }, { password: 'not-the-password' });
	connector = await client.createCredential(wrong);
	const id = await activate({ routes });

	// This is the time to be watched, not one to get ready.
	await pause(20_000);

	const refused = (await dovecot.logins()).filter((login) => login.user === user);
	expect(refused.filter(({ ok }) => ok)).toEqual([]);
	expect(refused.length).toBeGreaterThan(0);
	expect(refused.length).toBeLessThanOrEqual(5);
	const executions = await executionsWhen(client, id, (all) => all.length > 0);
	expect(executions.map(({ status }) => status)).toEqual(['error']);
	expect(executions[0]?.error).toMatch(/rejected the user name or password/i);
});

test('the folder picker offers the folders of the server, the inbox first', async () => {
	const folders = await client.listResources({
		path: 'parameters.folder',
		methodName: 'searchFolders',
		nodeTypeAndVersion: { name: 'n8n-nodes-email-connectors.emailTrigger', version: 1 },
		// As the editor does: with every parameter that the node has.
		currentNodeParameters: { connector: 'smtpImapApi' },
		credentials: { smtpImapApi: connector },
	});

	expect(folders[0]).toEqual({ name: 'INBOX', value: 'INBOX' });
	expect(folders.map(({ value }) => value)).toEqual(
		expect.arrayContaining(['Sent', 'Drafts', 'Trash', 'Junk', 'Archive']),
	);
});
