import { simpleParser } from 'mailparser';
import { selectors } from 'playwright-core';
import { itemsOf } from '../../tools/n8n/execution-data';
import type { CredentialData, Execution, N8nClient } from '../../tools/n8n/rest';
import type { CredentialTestResult } from '../../tools/n8n/rest-answer';
import { type CredentialReference, connect } from '../../tools/n8n/workflow';
import { mail } from '../contract/mailbox-driver';
import { type Certificate, signedCertificate, toPfxBase64 } from '../support/certificate';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { startGraphTenant } from '../support/graph-mailbox';
import type { Application } from '../support/microsoft-tenant/directory/application';
import type { MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { eventually, executionsWhen, sharedN8n } from '../support/n8n';
import { Editor } from '../support/n8n-editor';
import { toBranches, toEnd, toSender, toTrigger } from '../support/n8n-workflow';
import { type Postfix, startPostfix } from '../support/postfix';

const TYPE = 'office365CertificateApi';
const SUPPORT = 'support@contoso.example';
const CLOSED = 'board@contoso.example';
const BILLING = 'billing@example.test';
const PASSWORD = 'pfx-password';
const START = 'Start';
const SEND = 'Send Email';

let client: N8nClient;
let tenant: MicrosoftTenant;
let application: Application;
let certificate: Certificate;
let pfx: string;

beforeAll(async () => {
	selectors.setTestIdAttribute('data-test-id');
	({ client } = sharedN8n());
	certificate = await signedCertificate({ names: ['n8n.contoso.example'], key: 'rsa' });
	pfx = await toPfxBase64(certificate, PASSWORD);
	tenant = await startGraphTenant();
	tenant.addUser(SUPPORT, { mailbox: 'shared' });
	tenant.addUser(CLOSED);
	application = register([certificate]);
});

afterAll(async () => await tenant?.close());

/** An app that may open one mailbox, by RBAC for Applications. */
function register(certificates: readonly Certificate[]): Application {
	return tenant.registerApplication({
		certificates: certificates.map(({ certificatePem }) => certificatePem),
		appPermissions: ['Mail.ReadWrite', 'Mail.Send'],
		mailboxScope: [SUPPORT],
	});
}

/** A connector as a user fills it in for this tenant. */
function byGraph(changes: CredentialData['data'] = {}): CredentialData {
	const { host } = new URL(tenant.url);
	return {
		name: 'Support by certificate',
		type: TYPE,
		data: {
			protocol: 'graph',
			tenant: tenant.directory.tenantId,
			clientId: application.clientId,
			mailbox: SUPPORT,
			cloud: 'other',
			loginHost: host,
			graphHost: host,
			scope: 'https://graph.microsoft.com/.default',
			pfx,
			pfxPassword: PASSWORD,
			caPem: tenant.authorityPem,
			...changes,
		},
	};
}

/** Saves the connector and presses its test, as the editor does. */
async function press(connector: CredentialData): Promise<CredentialTestResult> {
	const { id } = await client.createCredential(connector);
	return await client.testCredential({ ...connector, id });
}

/** Runs Send Email by hand. */
async function run(
	connector: CredentialReference,
	parameters: Record<string, unknown>,
): Promise<Execution> {
	const sender = toSender(SEND, connector, { connector: TYPE, ...parameters });
	const { id } = await client.createWorkflow({
		name: 'By certificate',
		nodes: [
			{ ...toEnd(START), type: 'n8n-nodes-base.manualTrigger' },
			{ ...sender, credentials: { [TYPE]: connector } },
			toEnd('End'),
		],
		connections: { ...connect(START, [SEND]), ...connect(SEND, ['End']) },
		settings: { executionOrder: 'v1' },
		pinData: { [START]: [{ json: {} }] },
	});
	return await client.waitForExecution(await client.runManually(id, START));
}

const FACTS =
	/Certificate CN=n8n\.contoso\.example, issued by CN=Test authority, thumbprint [0-9A-F]{40}, SHA-256 [0-9a-f]{64}, valid until \d{4}-\d\d-\d\d \(\d+ days left/;

test('the test of the connector opens the mailbox by Graph, and says whose certificate it is', async () => {
	const { status, message } = await press(byGraph());

	expect([status, message]).toEqual(['OK', expect.stringMatching(FACTS)]);
	expect(message).toContain(`for ${SUPPORT}`);
	expect(message).toMatch(/INBOX holds \d+ e-mails?/);
});

interface Fault {
	readonly what: string;
	readonly changes: () => CredentialData['data'] | Promise<CredentialData['data']>;
	/** Words of the sentence that only this fault has. */
	readonly says: RegExp;
}

const faults: readonly Fault[] = [
	{
		what: 'a wrong password of the .pfx',
		changes: () => ({ pfxPassword: 'not-the-password' }),
		says: /wrong password of the \.pfx/,
	},
	{
		what: 'an expired certificate',
		changes: async () => {
			const old = await signedCertificate({
				names: ['old.contoso.example'],
				key: 'rsa',
				expired: true,
			});
			return { pfx: await toPfxBase64(old, PASSWORD) };
		},
		says: /the certificate has expired: it was valid until 2020-01-31/,
	},
	{
		what: 'an elliptic-curve key',
		changes: async () => ({ pfx: await toPfxBase64(await signedCertificate(), PASSWORD) }),
		says: /elliptic/i,
	},
	{
		what: 'a certificate that the tenant does not know',
		changes: () => ({ clientId: register([]).clientId }),
		says: /AADSTS700027/,
	},
	{
		what: 'a mailbox outside of the scope of the app',
		changes: () => ({ mailbox: CLOSED }),
		says: /ErrorAccessDenied/,
	},
	{
		what: 'a mailbox that does not exist',
		changes: () => ({ mailbox: 'nobody@contoso.example' }),
		says: /mailbox/i,
	},
	{
		what: 'a missing host',
		changes: () => ({ graphHost: '' }),
		says: /Graph Host: must be filled/,
	},
];

test.each(faults)('$what gets its own sentence, without a secret', async ({ changes, says }) => {
	const { status, message } = await press(byGraph(await changes()));

	expect([status, message]).toEqual(['Error', expect.stringMatching(says)]);
	expect(message).not.toMatch(/pfx-password|not-the-password|eyJ|\n\s+at /);
	expect(message).not.toContain(pfx.slice(0, 60));
});

test('Check Connector gives the facts of the certificate as data', async () => {
	const connector = await client.createCredential(byGraph());

	const execution = await run(connector, { operation: 'checkConnector' });

	expect(itemsOf(execution, 'End')).toMatchObject([
		{
			json: {
				ok: true,
				certificate: {
					subject: 'CN=n8n.contoso.example',
					issuer: 'CN=Test authority',
					thumbprint: expect.stringMatching(/^[0-9A-F]{40}$/),
					sha256: certificate.fingerprint,
					validFrom: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
					validUntil: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
					daysLeft: expect.any(Number),
				},
			},
		},
	]);
	expect(JSON.stringify(execution)).not.toContain(PASSWORD);
});

test('an e-mail is sent by Graph, and its copy is in Sent Items where it is wanted', async () => {
	const connector = await client.createCredential(byGraph());
	const mailbox = tenant.mailbox(SUPPORT);
	const copies = () =>
		mailbox.messagesIn(mailbox.folder('sentitems')).map(({ content }) => content.subject);
	const send = async (subject: string, options: object) => {
		const to = `${subject}@elsewhere.example`;
		const text = `Text of ${subject}`;
		return await run(connector, { to, subject, messageFormat: 'text', text, options });
	};

	const kept = await send('kept', {});
	expect(kept).toMatchObject({ status: 'success' });
	expect(itemsOf(kept, 'End')).toMatchObject([
		{ json: { accepted: ['kept@elsewhere.example'], savedToSent: { status: 'saved' } } },
	]);
	expect(copies()).toContain('kept');

	const unkept = await send('unkept', { saveToSent: 'never' });
	expect(itemsOf(unkept, 'End')).toMatchObject([{ json: { savedToSent: { status: 'skipped' } } }]);
	expect(copies()).not.toContain('unkept');

	const sent = tenant.transport.sent.filter(({ recipients }) =>
		recipients.some((address) => /^(un)?kept@elsewhere\.example$/.test(address)),
	);
	expect(sent).toHaveLength(2);
	const { from, text } = await simpleParser((await sent[0]?.mime()) ?? '');
	expect([from?.text, text?.trim()]).toEqual([SUPPORT, 'Text of kept']);
	expect(tenant.requests.leaks).toEqual([]);
});

test('an Email Trigger receives by Graph, and marks what it has received as read', async () => {
	const connector = await client.createCredential(byGraph({ useFor: 'incoming' }));
	const trigger = {
		...toTrigger(connector, { connector: TYPE }),
		credentials: { [TYPE]: connector },
	};
	const mailbox = tenant.mailbox(SUPPORT);
	await mailbox.deliver(mail('waiting'));
	const workflow = await client.createWorkflow(toBranches(trigger, ['All']));
	await client.activate(workflow);
	try {
		await executionsWhen(client, workflow.id, (all) => all.length === 1);
		await mailbox.deliver(mail('arriving'));
		const executions = await executionsWhen(client, workflow.id, (all) => all.length === 2);
		const subjects = executions.flatMap((execution) =>
			itemsOf(execution, 'All').map(({ json }) => json['subject']),
		);
		expect(subjects.sort()).toEqual(['arriving', 'waiting']);
		await eventually('mails that are read', async () => {
			const inbox = await Promise.resolve(mailbox.messagesIn(mailbox.folder('inbox')));
			return inbox.every(({ content }) => content.isRead) || undefined;
		});
	} finally {
		await client.deactivate(workflow.id);
	}
});

describe('through a relay that knows one certificate', () => {
	let dovecot: Dovecot;
	let postfix: Postfix;

	beforeAll(async () => {
		dovecot = await startDovecot();
		postfix = await startPostfix({
			dovecot,
			auth: 'never',
			relayCertificates: [certificate.fingerprint],
		});
	});
	afterAll(async () => {
		await postfix?.stop();
		await dovecot?.stop();
	});

	const relay = (changes: CredentialData['data'] = {}): CredentialData => ({
		name: 'Relay',
		type: TYPE,
		data: {
			use: 'relay',
			outgoingHost: 'localhost',
			outgoingPort: postfix.smtpPort,
			relayAuthentication: 'certificate',
			pfx,
			pfxPassword: PASSWORD,
			primaryAddress: 'n8n@example.test',
			caPem: postfix.caPem,
			...changes,
		},
	});

	const letter = { subject: 'By relay', messageFormat: 'text', text: 'Hello' };

	test('an e-mail goes out, also to strangers', async () => {
		const connector = await client.createCredential(relay());

		const execution = await run(connector, { to: `${BILLING}, a@elsewhere.test`, ...letter });

		expect(itemsOf(execution, 'End')).toMatchObject([
			{ json: { accepted: [BILLING, 'a@elsewhere.test'], rejected: [] } },
		]);
		const [raw = ''] = await dovecot.waitForMessages(BILLING, 1);
		expect((await simpleParser(raw)).from?.text).toContain('n8n@example.test');
	});

	test('another certificate is refused with the sentence for it, and nothing is sent', async () => {
		const other = await signedCertificate({ names: ['other.contoso.example'], key: 'rsa' });
		const connector = await client.createCredential(
			relay({ pfx: await toPfxBase64(other, PASSWORD) }),
		);

		const execution = await run(connector, { to: 'b@elsewhere.test', ...letter });

		expect(execution.status).toBe('error');
		expect(JSON.stringify(execution)).toMatch(
			/No inbound connector of Exchange knows this n8n server/,
		);
		expect(JSON.stringify(execution)).not.toContain(PASSWORD);
	});

	test('its test sends an e-mail and says whose certificate it is', async () => {
		const { status, message } = await press(relay({ testAddress: 'c@elsewhere.test' }));

		expect([status, message]).toEqual(['OK', expect.stringMatching(FACTS)]);
		expect(message).toContain('the test e-mail to c@elsewhere.test was accepted');
	});
});

describe('in the editor', () => {
	let editor: Editor;

	beforeAll(async () => {
		editor = await Editor.open(client);
	});
	afterAll(async () => await editor?.close());

	const shownFields = async (): Promise<string[]> => {
		const boxes = editor
			.part('credential-edit-dialog')
			.locator('[data-test-id^="parameter-input-"]');
		const names = await boxes.evaluateAll((found) =>
			found.map((box) => box.getAttribute('data-test-id')?.replace('parameter-input-', '') ?? ''),
		);
		return names.filter((name) => name !== '' && name !== 'field');
	};

	test('a connector is filled in, says that it works, and shows the fields of its protocol alone', async () => {
		const { host } = new URL(tenant.url);
		await editor.page.goto(`${editor.url}/home/credentials`);
		await editor.part('add-resource-credential').click();
		const types = editor.part('new-credential-type-select');
		await types.locator('input').fill('Office 365 Certificate');
		await editor.part('new-credential-type-select-option').first().click();
		await editor.part('new-credential-type-button').click();
		await editor.field('use').waitFor();

		expect(await editor.choiceOf('protocol')).toBe('Microsoft Graph (Recommended)');
		await editor.choose('cloud', 'Other');
		const fields = {
			tenant: tenant.directory.tenantId,
			clientId: application.clientId,
			mailbox: SUPPORT,
			loginHost: host,
			graphHost: host,
			scope: 'https://graph.microsoft.com/.default',
			pfx,
			pfxPassword: PASSWORD,
			caPem: tenant.authorityPem,
		};
		for (const [name, value] of Object.entries(fields)) await editor.fill(name, value);
		const shown = await shownFields();
		expect(shown).toEqual(expect.arrayContaining(['use', 'protocol', ...Object.keys(fields)]));
		expect(shown).not.toEqual(expect.arrayContaining(['smtpServer']));
		expect(shown).not.toEqual(expect.arrayContaining(['pinnedFingerprint']));
		await editor.part('credential-save-button').click();
		await editor
			.part('credential-edit-dialog')
			.getByTestId('credentials-config-container-test-success')
			.waitFor();

		await editor.choose('use', 'SMTP Relay (Sending Only)');
		await editor.field('outgoingHost').waitFor();
		expect(await shownFields()).not.toEqual(expect.arrayContaining(['tenant']));
	});
});
