import { type Locator, selectors } from 'playwright-core';
import type { N8nClient } from '../../tools/n8n/rest';
import { type CredentialReference, connect } from '../../tools/n8n/workflow';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { sharedN8n } from '../support/n8n';
import { toConnector } from '../support/n8n-connector';
import { Editor } from '../support/n8n-editor';
import { TRIGGER, toBranches, toSender, toTrigger } from '../support/n8n-workflow';
import { type Postfix, startPostfix } from '../support/postfix';

const users = [{ user: 'support@example.com', password: 'support-password' }];
const [{ user, password } = { user: '', password: '' }] = users;

let client: N8nClient;
let editor: Editor;
let dovecot: Dovecot;
let postfix: Postfix;
let connector: CredentialReference;

beforeAll(async () => {
	selectors.setTestIdAttribute('data-test-id');
	dovecot = await startDovecot({ users });
	postfix = await startPostfix({ dovecot });
	const shared = sharedN8n();
	client = shared.client;
	connector = await client.createCredential(toConnector({ dovecot, postfix }));
	editor = await Editor.open(client);
});

afterAll(async () => {
	await editor?.close();
	await postfix?.stop();
	await dovecot?.stop();
});

/** The names of a node's outputs, as the canvas shows them. */
async function outputNames(node: string): Promise<string[]> {
	return await editor.node(node).getByTestId('canvas-node-output-handle').allInnerTexts();
}

const rules = (field: string, value?: string) => ({ rule: [{ field, value }] });
const routes = [
	{ name: 'Orders', rules: rules('attachmentType', '.pdf; .docx') },
	{ name: 'Urgent', rules: rules('importance') },
	{ name: 'Returns', rules: rules('subject', 'return; refund') },
];

const inDialog = (name: string): Locator => editor.part('credential-edit-dialog').getByTestId(name);

test('a connector is created, and its test shows green for the right and red for a wrong password', async () => {
	await editor.page.goto(`${editor.url}/home/credentials`);
	await editor.part('add-resource-credential').click();
	await editor.part('new-credential-type-select').locator('input').fill('SMTP/IMAP');
	await editor.part('new-credential-type-select-option').first().click();
	await editor.part('new-credential-type-button').click();

	expect(await editor.choiceOf('emailService')).toBe('Other');
	expect(await editor.choiceOf('authentication')).toBe('User and Password');
	await editor.fill('incomingHost', 'localhost');
	await editor.fill('incomingPort', dovecot.imapsPort);
	await editor.fill('outgoingHost', 'localhost');
	await editor.fill('outgoingPort', postfix.smtpsPort);
	await editor.fill('user', user);
	await editor.fill('password', password);
	await editor.fill('caPem', dovecot.caPem);
	await editor.part('credential-save-button').click();

	await inDialog('credentials-config-container-test-success').waitFor();
	await editor.closeMessages();
	await editor.takePicture('connector-tested', 936);

	await editor.fill('password', 'not-the-password');
	await editor.part('credential-save-button').click();
	const details = editor.page.getByText('More details');
	await details.click();

	await editor.page.getByText('rejected the user name or password').first().waitFor();
	await editor.closeMessages();
	await editor.takePicture('connector-failed', 936);
});

test('fields of the unused side are hidden, those of a known service too', async () => {
	await editor.page.goto(`${editor.url}/home/credentials/${connector.id}`);
	await editor.field('outgoingHost').waitFor();

	await editor.choose('useFor', 'Incoming');
	await editor.field('outgoingHost').waitFor({ state: 'detached' });
	expect(await editor.field('incomingHost').isVisible()).toBe(true);

	await editor.choose('emailService', 'Gmail (IMAP)');
	await editor.field('incomingHost').waitFor({ state: 'detached' });
	expect(await editor.field('user').isVisible()).toBe(true);
});

test('the folder is picked from the list of the server', async () => {
	const trigger = toTrigger(connector, { routes: { route: routes } });
	const { id } = await client.createWorkflow(toBranches(trigger, []));
	await editor.openWorkflow(id);
	await editor.node(TRIGGER).dblclick();
	await editor.part('resource-locator-folder').getByTestId('rlc-input').click();
	const folders = editor.part('rlc-item');
	await folders.filter({ hasText: 'Sent' }).first().waitFor();
	expect(await folders.first().innerText()).toBe('INBOX');
});

test('a route that is added in the node becomes an output on the canvas, the fallback stays last', async () => {
	const trigger = toTrigger(connector, { routes: { route: routes } });
	const { id } = await client.createWorkflow(toBranches(trigger, ['Orders', 'Urgent', 'Returns']));
	await editor.openWorkflow(id);
	expect(await outputNames(TRIGGER)).toEqual(['Orders', 'Urgent', 'Returns', 'Fallback', 'Error']);

	await editor.node(TRIGGER).dblclick();
	await editor.part('ndv').getByRole('button', { name: 'Add Route' }).click();
	const names = editor.part('fixed-collection-routes').getByTestId('parameter-input-name');
	await names.last().locator('input').fill('Partners');
	await editor.part('ndv-close-button').click();

	await editor.node(TRIGGER).getByText('Partners').waitFor();
	expect(await outputNames(TRIGGER)).toEqual([
		'Orders',
		'Urgent',
		'Returns',
		'Partners',
		'Fallback',
		'Error',
	]);
});

test('a test run in the editor shows the newest mail at the output of its route', async () => {
	const from = 'Anna Example <anna@customers.example>';
	await dovecot.deliver(user, { from, subject: 'Return of my lamp', text: 'It does not fit.' });
	const trigger = toTrigger(connector, { routes: { route: routes } });
	const ends = ['Confirm the Order', 'Promise a Call', 'Explain the Return', 'Answer the Rest'];
	const answers = ends.map((name, row) => ({
		...toSender(name, connector, { operation: 'reply', text: 'Thank you.' }),
		position: [480, row * 160] as const,
	}));
	const { id } = await client.createWorkflow({
		name: 'Support mail',
		nodes: [{ ...trigger, position: [0, 240] }, ...answers],
		connections: connect(TRIGGER, ...ends.map((name) => [name])),
		settings: { executionOrder: 'v1' },
	});
	await editor.openWorkflow(id);
	await editor.takePicture('workflow-routes');

	await editor.node(TRIGGER).dblclick();
	await editor.part('trigger-execute-button').click();
	const output = editor.part('output-panel');
	await output.getByText('Returns Branch').click();
	await output.getByText('Return of my lamp').first().waitFor();
	await editor.closeMessages();
	await output.getByText('Schema', { exact: true }).click();
	const notice = editor.page.getByText('Each route is one output');
	await notice.evaluate((element) => {
		element.style.scrollMarginTop = '20px';
		element.scrollIntoView({ block: 'start' });
	});
	await editor.takePicture('email-trigger-routes', 858);
});

test('Send Email answers the mail of a test run, and shows what the server said', async () => {
	const from = 'Ben Example <ben@customers.example>';
	await dovecot.deliver(user, { from, subject: 'When are you open?', text: 'On Saturdays too?' });
	const sender = toSender('Send Email', connector, {
		operation: 'reply',
		text: '=Dear {{ $json.from.name }},\n\nwe are open from Monday to Saturday.',
	});
	const { id } = await client.createWorkflow({
		name: 'Answer',
		nodes: [toTrigger(connector), sender],
		connections: connect(TRIGGER, [sender.name]),
		settings: { executionOrder: 'v1' },
	});
	await editor.openWorkflow(id);
	await editor.node(sender.name).dblclick();
	expect(await editor.choiceOf('operation')).toBe('Reply');
	await editor.field('answeredEmail').waitFor();

	await editor.part('node-execute-button').click();

	const output = editor.part('output-panel');
	await output.getByText('ben@customers.example').first().waitFor();
	const [copy] = await dovecot.waitForMessages(user, 1, 'Sent');
	expect(copy).toMatch(/^Subject: Re: When are you open\?/m);
	await editor.closeMessages();
	await output.getByText('Schema', { exact: true }).click();
	await editor.takePicture('send-email', 910);
});

test('Send Email asks for a credential only where the administrator is not left the choice', async () => {
	const sender = toSender('Send Email', connector, { to: 'ben@customers.example' });
	const { id } = await client.createWorkflow({
		name: 'Choose',
		nodes: [sender],
		connections: {},
		settings: { executionOrder: 'v1' },
	});
	await editor.openWorkflow(id);
	await editor.node(sender.name).dblclick();
	const credential = editor.part('node-credentials-select');
	expect(await editor.choiceOf('connector')).toBe('SMTP/IMAP');
	await credential.waitFor();

	await editor.choose('connector', 'Default of This n8n');
	await credential.waitFor({ state: 'detached' });

	await editor.choose('connector', 'SMTP/IMAP');
	await credential.waitFor();
});
