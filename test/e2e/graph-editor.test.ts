import { type Locator, selectors } from 'playwright-core';
import { itemsOf } from '../../tools/n8n/execution-data';
import type { N8nClient } from '../../tools/n8n/rest';
import { connect } from '../../tools/n8n/workflow';
import { startGraphTenant } from '../support/graph-mailbox';
import type { MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { executionsWhen, sharedN8n } from '../support/n8n';
import { Editor } from '../support/n8n-editor';
import { byGraph, toGraphConnector } from '../support/n8n-graph';
import { toEnd, toSender } from '../support/n8n-workflow';

const START = 'Start';
const SEND = 'Send Email';
const SUPPORT = 'support@contoso.example';
const SECRET = 's3cr3t~value';

let client: N8nClient;
let editor: Editor;
let tenant: MicrosoftTenant;

beforeAll(async () => {
	selectors.setTestIdAttribute('data-test-id');
	({ client } = sharedN8n());
	editor = await Editor.open(client);
});

beforeEach(async () => {
	tenant = await startGraphTenant();
	tenant.addUser(SUPPORT, { mailbox: 'shared' });
});

afterEach(async () => await tenant?.close());

afterAll(async () => await editor?.close());

const register = (clientId?: string) =>
	tenant.registerApplication({
		clientId,
		secrets: [SECRET],
		appPermissions: ['Mail.ReadWrite', 'Mail.Send'],
	});

const inDialog = (name: string): Locator => editor.part('credential-edit-dialog').getByTestId(name);

/** The names of the fields that the form shows, from top to bottom. */
async function shownFields(): Promise<string[]> {
	const boxes = editor.part('credential-edit-dialog').locator('[data-test-id^="parameter-input-"]');
	const names = await boxes.evaluateAll((found) =>
		found.map((box) => box.getAttribute('data-test-id')?.replace('parameter-input-', '') ?? ''),
	);
	return names.filter((name) => name !== '' && name !== 'field');
}

test('a connector by Graph is created in its form, tested, and warns of signing in with a password', async () => {
	await editor.page.goto(`${editor.url}/home/credentials`);
	await editor.part('add-resource-credential').click();
	await editor.part('new-credential-type-select').locator('input').fill('Microsoft Graph Mail');
	await editor
		.part('new-credential-type-select-option')
		.filter({ hasText: 'Microsoft Graph Mail Connector API' })
		.click();
	await editor.part('new-credential-type-button').click();
	expect(await editor.choiceOf('signIn')).toBe('App (Client Secret)');
	expect((await shownFields()).slice(0, 8)).toEqual([
		'useFor',
		'enabled',
		'signIn',
		'tenant',
		'clientId',
		'clientSecret',
		'mailbox',
		'cloud',
	]);

	await editor.choose('signIn', 'User (Password)');
	await editor.page.getByText('Microsoft advises against signing in with a password').waitFor();
	expect((await shownFields()).slice(2, 9)).toEqual([
		'signIn',
		'tenant',
		'clientId',
		'clientSecret',
		'user',
		'password',
		'mailbox',
	]);
	await editor.choose('signIn', 'App (Client Secret)');
	await editor.field('password').waitFor({ state: 'detached' });
	const { host } = new URL(tenant.url);
	await editor.fill('tenant', tenant.directory.domain);
	await editor.fill('clientId', register('8f3a61d2-5b0c-4e57-9a41-c26d7be09f18').clientId);
	await editor.fill('clientSecret', SECRET);
	await editor.fill('mailbox', SUPPORT);
	await editor.choose('cloud', 'Other');
	await editor.fill('loginHost', host);
	await editor.fill('graphHost', host);
	await editor.fill('scope', 'https://graph.microsoft.com/.default');
	await editor.fill('caPem', tenant.authorityPem);
	await editor.part('credential-save-button').click();

	await inDialog('credentials-config-container-test-success').waitFor();
	await editor.closeMessages();
	// The fields that are Microsoft's own, in the middle of the form.
	const first = inDialog('parameter-input-signIn');
	await first.evaluate((element) => {
		element.style.scrollMarginTop = '40px';
		element.scrollIntoView({ block: 'start' });
	});
	await editor.takePicture('graph-connector', 1000);

	await editor.fill('mailbox', 'nobody@contoso.example');
	await editor.part('credential-save-button').click();
	await editor.page.getByText('More details').click();
	const reason = 'Incoming and outgoing failed while opening the folder. The tenant does not know';
	await editor.page.getByText(reason).first().waitFor();
});

test('Send Email with it shows the mailbox, sends, and tells the ids', async () => {
	const connector = await client.createCredential(toGraphConnector(tenant, register(), SUPPORT));
	const sender = toSender(SEND, connector, {
		to: 'ada@customer.example',
		subject: 'Your order',
		text: 'It is on its way.',
	});
	const { id } = await client.createWorkflow({
		name: 'Send by Graph in the editor',
		nodes: [{ ...toEnd(START), type: 'n8n-nodes-base.manualTrigger' }, byGraph(sender, connector)],
		connections: connect(START, [SEND]),
		settings: { executionOrder: 'v1' },
	});
	await editor.openWorkflow(id);
	await editor.node(SEND).dblclick();
	expect(await editor.choiceOf('connector')).toBe('Microsoft Graph');
	await editor.part('node-credentials-select').waitFor();
	await editor.part('node-execute-button').click();

	const output = editor.part('output-panel');
	await output.getByText('ada@customer.example').first().waitFor();
	const [execution] = await executionsWhen(client, id, (all) => all.length === 1);
	expect(execution && itemsOf(execution, SEND)).toMatchObject([
		{ json: { savedToSent: { status: 'saved', folder: 'Sent Items' } } },
	]);
});
