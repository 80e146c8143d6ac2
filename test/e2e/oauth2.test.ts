import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selectors } from 'playwright-core';
import { itemsOf } from '../../tools/n8n/execution-data';
import type { N8nInstance } from '../../tools/n8n/instance';
import { N8nClient } from '../../tools/n8n/rest';
import { type CredentialReference, connect } from '../../tools/n8n/workflow';
import { startDovecot, type Dovecot } from '../support/dovecot';
import type { Application } from '../support/microsoft-tenant/directory/application';
import { type MicrosoftTenant, startMicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { executionsWhen, ownN8n } from '../support/n8n';
import { Editor } from '../support/n8n-editor';
import { TRIGGER, toEnd, toSender, toTrigger } from '../support/n8n-workflow';
import { startPostfix, type Postfix } from '../support/postfix';

/** Two starts of n8n, a browser, and a minute in which a token becomes old. */
jest.setTimeout(300_000);

const TYPE = 'smtpImapOAuth2Api';
const ANNA = 'anna@example.test';
const BORIS = 'boris@example.test';
const SCOPE =
	'https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send offline_access';

let tenant: MicrosoftTenant;
let application: Application;
let dovecot: Dovecot;
let postfix: Postfix;
let instance: N8nInstance;
let client: N8nClient;
let remove: (() => Promise<void>) | undefined;

beforeAll(async () => {
	selectors.setTestIdAttribute('data-test-id');
	tenant = await startMicrosoftTenant();
	tenant.addUser(ANNA);
	tenant.addUser(BORIS);
	// Half of it is used, and then renewed.
	tenant.tokens.lifetimeSeconds = 120;
	tenant.signIn.refreshTokensAreSingleUse = true;
	tenant.page.consent.manner = 'button';
	dovecot = await startDovecot({
		users: [ANNA, BORIS].map((user) => ({ user, password: 'unused' })),
		tokenCheck: { introspectionUrl: tenant.introspectionUrl, authorityPem: tenant.authorityPem },
	});
	postfix = await startPostfix({ dovecot, signInRequired: true });
	const authority = join(tmpdir(), `authority-${process.pid}.pem`);
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
	await postfix?.stop();
	await dovecot?.stop();
	await tenant?.close();
});

async function createConnector(): Promise<CredentialReference> {
	return await client.createCredential({
		name: 'Support by OAuth2',
		type: TYPE,
		data: {
			provider: 'other',
			otherAuthUrl: tenant.authorizeUrl,
			otherAccessTokenUrl: tenant.tokenUrl,
			otherScope: SCOPE,
			clientAuthentication: 'body',
			clientId: application.clientId,
			clientSecret: 'client-secret',
			useFor: 'both',
			user: ANNA,
			incomingHost: dovecot.host,
			incomingPort: dovecot.imapsPort,
			outgoingHost: postfix.host,
			outgoingPort: postfix.smtpsPort,
			caPem: dovecot.caPem,
		},
	});
}

/** Presses Connect and accepts what the provider asks. */
async function connectInBrowser({ id }: CredentialReference): Promise<void> {
	const editor = await Editor.open(client);
	try {
		await editor.page.goto(`${instance.url}/home/credentials/${id}`);
		const dialog = editor.part('credential-edit-dialog');
		await dialog.waitFor();
		await editor.takePicture('oauth2-connector', 1300);
		const button = dialog.getByRole('button', { name: /^Connect( my account)?$/ });
		const opening = editor.page.waitForEvent('popup');
		await button.click();
		const popup = await opening;
		await popup.locator('#accept').click();
		await editor.page.getByText('Account connected').first().waitFor();
		await editor.takePicture('oauth2-connector-connected', 1300);
	} finally {
		await editor.close();
	}
}

/** Receives by the connector, and sends by it. */
async function activate(connector: CredentialReference): Promise<string> {
	const credentials = { [TYPE]: connector };
	const kind = { connector: TYPE };
	const forward = { to: BORIS, subject: '=Re: {{ $json.subject }}', text: 'Received' };
	const workflow = await client.createWorkflow({
		name: 'OAuth2',
		nodes: [
			{ ...toTrigger(connector, kind), credentials },
			{ ...toSender('Send Email', connector, { ...kind, ...forward }), credentials },
			toEnd('End'),
		],
		connections: { ...connect(TRIGGER, ['Send Email']), ...connect('Send Email', ['End']) },
		settings: { executionOrder: 'v1' },
	});
	await client.activate(workflow);
	return workflow.id;
}

const refreshes = () =>
	tenant.requests.matching(/POST .*\/token/).filter(({ body }) => /refresh_token=/.test(body));

test('a connector connected in the browser receives and sends, with tokens that n8n renews and keeps', async () => {
	const connector = await createConnector();
	await connectInBrowser(connector);
	const workflowId = await activate(connector);

	const arrives = async (subject: string) => {
		await dovecot.deliver(ANNA, { from: 'a@other.test', subject, text: 'Text' });
		const executions = await executionsWhen(client, workflowId, (all) =>
			all.some((one) => itemsOf(one, TRIGGER).some(({ json }) => json['subject'] === subject)),
		);
		expect(executions.map(({ status }) => status)).not.toContain('error');
		const answers = await dovecot.waitForMessages(BORIS, executions.length);
		expect(answers.some((raw) => raw.includes(`Subject: Re: ${subject}`))).toBe(true);
		return executions;
	};

	await arrives('with the first token');

	// Revoked before its time: the server is the first to know.
	tenant.tokens.expireAccessTokens();
	await dovecot.restart();
	await arrives('with a renewed token');
	expect(refreshes()).toHaveLength(1);

	// A refresh token is good for one use: n8n must have stored the new one.
	await instance.stop();
	tenant.tokens.expireAccessTokens();
	await instance.restart();
	client = await N8nClient.connect(instance.url);
	await arrives('after a restart');
	expect(refreshes().length).toBeGreaterThanOrEqual(2);

	// Nothing but time passes: the connection changes before the token ends.
	const before = refreshes().length;
	const deadline = Date.now() + 150_000;
	while (refreshes().length === before && Date.now() < deadline) {
		await new Promise((resolve) => setTimeout(resolve, 500));
	}
	expect(refreshes().length).toBeGreaterThan(before);
	const executions = await arrives('after the time of a token');

	expect(JSON.stringify(executions)).not.toMatch(/access_token|refresh_token|oauthTokenData/);
});
