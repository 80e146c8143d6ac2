import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CREDENTIAL_BLANKING_VALUE } from 'n8n-workflow';
import { type Locator, selectors } from 'playwright-core';
import { z } from 'zod';
import { itemsOf } from '../../tools/n8n/execution-data';
import type { N8nInstance } from '../../tools/n8n/instance';
import { type Execution, N8nClient } from '../../tools/n8n/rest';
import { type CredentialReference, connect, type WorkflowNode } from '../../tools/n8n/workflow';
import { mail } from '../contract/mailbox-driver';
import { connectAccount } from '../support/connect-account';
import { startGraphTenant } from '../support/graph-mailbox';
import type { Application } from '../support/microsoft-tenant/directory/application';
import type { MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { executionsWhen, ownN8n } from '../support/n8n';
import { Editor } from '../support/n8n-editor';
import { TRIGGER, toEnd, toMailbox, toSender, toTrigger } from '../support/n8n-workflow';

/** Two starts of n8n, a browser, and mailboxes that are looked at every 20 seconds. */
jest.setTimeout(300_000);

const TYPE = 'microsoftGraphMailOAuth2Api';
const ANNA = 'anna@contoso.example';
const BORIS = 'boris@contoso.example';
const SALES = 'sales@contoso.example';
const GRAPH = 'https://graph.microsoft.com';

let tenant: MicrosoftTenant;
let application: Application;
let instance: N8nInstance;
let client: N8nClient;
let remove: (() => Promise<void>) | undefined;

beforeAll(async () => {
	selectors.setTestIdAttribute('data-test-id');
	tenant = await startGraphTenant();
	tenant.addUser(ANNA);
	tenant.addUser(BORIS);
	tenant.addUser(SALES, { mailbox: 'shared' });
	tenant.signIn.refreshTokensAreSingleUse = true;
	tenant.page.consent.manner = 'button';
	tenant.page.consent.address = ANNA;
	const authority = join(tmpdir(), `graph-authority-${process.pid}.pem`);
	await writeFile(authority, tenant.authorityPem);
	({ instance, remove } = await ownN8n({ NODE_EXTRA_CA_CERTS: authority }));
	client = await N8nClient.connect(instance.url);
	application = tenant.registerApplication({
		secrets: ['client-secret'],
		redirectUris: [`${instance.url}/rest/oauth2-credential/callback`],
	});
});

afterAll(async () => {
	await remove?.();
	await tenant?.close();
});

/** The tenant's hosts stand in the form; its scopes keep the names of the real ones. */
function toData(changes: Readonly<Record<string, unknown>> = {}) {
	const { host } = new URL(tenant.url);
	return {
		clientId: application.clientId,
		clientSecret: 'client-secret',
		tenant: tenant.directory.tenantId,
		cloud: 'other',
		loginHost: host,
		graphHost: host,
		otherScope: ownScope,
		mailbox: ANNA,
		caPem: tenant.authorityPem,
		...changes,
	};
}

const ownScope = `${GRAPH}/Mail.ReadWrite ${GRAPH}/Mail.Send openid profile offline_access`;
const sharedScope = `${GRAPH}/Mail.ReadWrite.Shared ${GRAPH}/Mail.Send.Shared offline_access`;

interface Account extends CredentialReference {
	readonly type: string;
	readonly data: Readonly<Record<string, unknown>>;
}

async function createConnector(
	name: string,
	changes: Readonly<Record<string, unknown>> = {},
): Promise<Account> {
	const credential = { name, type: TYPE, data: toData(changes) };
	return { ...credential, ...(await client.createCredential(credential)) };
}

const saved = z.object({ data: z.object({ id: z.string() }) });

/** n8n's test of a connected account, of whose tokens nobody outside knows more than that there are some. */
const press = async (connector: Account) =>
	await client.testCredential({
		...connector,
		data: { ...connector.data, oauthTokenData: CREDENTIAL_BLANKING_VALUE },
	});

const dialogOf = (editor: Editor): Locator => editor.part('credential-edit-dialog');

async function inEditor<T>(work: (editor: Editor) => Promise<T>): Promise<T> {
	const editor = await Editor.open(client);
	try {
		return await work(editor);
	} finally {
		await editor.close();
	}
}

async function connectInBrowser({ id }: CredentialReference): Promise<void> {
	await inEditor(async (editor) => {
		await editor.page.goto(`${instance.url}/home/credentials/${id}`);
		await dialogOf(editor).waitFor();
		await connectAccount(editor);
	});
}

/** A node as `toTrigger` and its kind make it, with such a connector. */
const by = (connector: CredentialReference, node: WorkflowNode): WorkflowNode => ({
	...node,
	parameters: { connector: TYPE, ...node.parameters },
	credentials: { [TYPE]: { id: connector.id, name: connector.name } },
});

/** Runs these nodes by hand, one after the other. */
async function run(...nodes: readonly WorkflowNode[]): Promise<Execution> {
	const start = { ...toEnd('Start'), type: 'n8n-nodes-base.manualTrigger' };
	const all = [start, ...nodes];
	const { id } = await client.createWorkflow({
		name: 'Graph OAuth2 by hand',
		nodes: all,
		connections: Object.assign(
			{},
			...nodes.map(({ name }, index) => connect(all[index]?.name ?? '', [name])),
		),
		settings: { executionOrder: 'v1' },
	});
	return await client.waitForExecution(await client.runManually(id, 'Start'));
}

const refreshes = () =>
	tenant.requests.matching(/POST .*\/token/).filter(({ body }) => /refresh_token=/.test(body));

const subjectsIn = (address: string, folder: string) => {
	const mailbox = tenant.mailbox(address);
	return mailbox.messagesIn(mailbox.folder(folder)).map(({ content }) => content.subject);
};

test('a connector that is filled in and connected in the editor says whose account it has, and is tested by its mailbox', async () => {
	await inEditor(async (editor) => {
		await editor.page.goto(`${instance.url}/home/credentials`);
		await editor.part('add-resource-credential').click();
		await editor.part('new-credential-type-select').locator('input').fill('Microsoft Graph Mail');
		await editor
			.part('new-credential-type-select-option')
			.filter({ hasText: 'Microsoft Graph Mail Connector OAuth2 API' })
			.click();
		await editor.part('new-credential-type-button').click();
		await dialogOf(editor).waitFor();
		await editor.takePicture('graph-oauth2-form', 2000);
		await editor.choose('cloud', 'Other');
		const { host } = new URL(tenant.url);
		await editor.fill('clientId', application.clientId);
		await editor.fill('clientSecret', 'client-secret');
		await editor.fill('tenant', tenant.directory.tenantId);
		await editor.fill('loginHost', host);
		await editor.fill('graphHost', host);
		await editor.fill('otherScope', ownScope);
		await editor.fill('mailbox', ANNA);
		await editor.fill('caPem', tenant.authorityPem);
		const saving = editor.page.waitForResponse(
			(response) =>
				response.url().endsWith('/rest/credentials') && response.request().method() === 'POST',
		);
		await connectAccount(editor);
		const { id } = saved.parse(await (await saving).json()).data;

		await editor.page.goto(`${instance.url}/home/credentials/${id}`);
		await editor.page.getByText(`Connected as ${ANNA}`).first().waitFor();
		await editor.field('mailbox').scrollIntoViewIfNeeded();
		await editor.takePicture('graph-oauth2-connected');
		const connector = { id, name: 'In the editor', type: TYPE, data: toData() };
		expect(await press(connector)).toMatchObject({ status: 'OK' });
	});
});

test('it receives and sends, with tokens that n8n renews and keeps', async () => {
	const connector = await createConnector('Anna');
	await connectInBrowser(connector);
	const answer = { to: BORIS, subject: '=Re: {{ $json.subject }}', text: 'Received' };
	const workflow = await client.createWorkflow({
		name: 'Graph OAuth2',
		nodes: [
			by(connector, toTrigger(connector)),
			by(connector, toSender('Send Email', connector, answer)),
			toEnd('End'),
		],
		connections: { ...connect(TRIGGER, ['Send Email']), ...connect('Send Email', ['End']) },
		settings: { executionOrder: 'v1' },
	});
	await client.activate(workflow);

	const arrives = async (subject: string) => {
		await tenant.mailbox(ANNA).deliver(mail(subject));
		const executions = await executionsWhen(client, workflow.id, (all) =>
			all.some((one) => itemsOf(one, TRIGGER).some(({ json }) => json['subject'] === subject)),
		);
		expect(executions.map(({ status }) => status)).not.toContain('error');
		expect(subjectsIn(BORIS, 'inbox')).toContain(`Re: ${subject}`);
		expect(subjectsIn(ANNA, 'sentitems')).toContain(`Re: ${subject}`);
		return executions;
	};

	await arrives('with the first token');

	// Revoked before its time: Microsoft is the first to know.
	tenant.tokens.expireAccessTokens();
	await arrives('with a renewed token');
	expect(refreshes()).toHaveLength(1);

	// A refresh token is good for one use: n8n must have stored the new one.
	await instance.stop();
	tenant.tokens.expireAccessTokens();
	await instance.restart();
	client = await N8nClient.connect(instance.url);
	const executions = await arrives('after a restart');
	expect(refreshes()).toHaveLength(2);

	expect(JSON.stringify(executions)).not.toMatch(/access_token|refresh_token|oauthTokenData/);
	expect(tenant.requests.leaks).toEqual([]);
	await client.deactivate(workflow.id);
});

test('a sign-in that was revoked says so, is not tried again and again, and is mended by Connect', async () => {
	const connector = await createConnector('Revoked');
	expect(await client.testCredential(connector)).toMatchObject({ status: 'Error' });
	await connectInBrowser(connector);
	tenant.tokens.revokeAll(50173);
	const before = refreshes().length;

	const send = (name: string) =>
		by(connector, {
			...toSender(name, connector, { to: BORIS, subject: name, text: 'x' }),
			onError: 'continueRegularOutput',
		});
	const refused = await run(send('One'), send('Two'), send('Three'));
	for (const name of ['One', 'Two', 'Three']) {
		expect(JSON.stringify(itemsOf(refused, name))).toMatch(/connect it again|Connect again/);
	}
	expect(refreshes().length - before).toBe(1);

	await connectInBrowser(connector);
	expect((await run(send('Four'))).status).toBe('success');
	expect(subjectsIn(BORIS, 'inbox').filter((one) => /^(One|Two|Three|Four)$/.test(one))).toEqual([
		'Four',
	]);
});

test('a shared mailbox is opened with the rights of the account, and the test says where they are missing', async () => {
	const connector = await createConnector('Sales', {
		sharedMailbox: true,
		mailbox: SALES,
		otherScope: sharedScope,
	});
	await connectInBrowser(connector);
	expect(await press(connector)).toMatchObject({
		status: 'Error',
		message: expect.stringContaining('Full Access') as string,
	});

	const sales = tenant.directory.findUser(SALES);
	sales?.fullAccess.add(ANNA);
	sales?.sendAs.add(ANNA);
	expect(await press(connector)).toMatchObject({ status: 'OK' });

	const draft = { operation: 'saveDraft', to: BORIS, subject: 'Offer', text: 'x' };
	const execution = await run(
		by(connector, toSender('Check', connector, { operation: 'checkConnector' })),
		by(connector, toSender('Draft', connector, draft)),
		by(connector, toSender('Send', connector, { to: BORIS, subject: 'From sales', text: 'x' })),
		by(connector, toMailbox('Search', connector, { operation: 'search' })),
	);
	expect(execution.status).toBe('success');
	expect(itemsOf(execution, 'Check')[0]?.json).toMatchObject({ ok: true });
	expect(subjectsIn(SALES, 'drafts')).toEqual(['Offer']);
	expect(tenant.transport.sent.at(-1)?.message.content.from?.emailAddress.address).toBe(SALES);
});
