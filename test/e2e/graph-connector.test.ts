import type { CredentialData, N8nClient } from '../../tools/n8n/rest';
import type { CredentialTestResult } from '../../tools/n8n/rest-answer';
import { startGraphTenant } from '../support/graph-mailbox';
import type { Application } from '../support/microsoft-tenant/directory/application';
import type { MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { sharedN8n } from '../support/n8n';
import { toGraphConnector } from '../support/n8n-graph';

const ANNA = 'anna@contoso.example';

let client: N8nClient;
let tenant: MicrosoftTenant;

beforeAll(() => {
	({ client } = sharedN8n());
});

beforeEach(async () => {
	tenant = await startGraphTenant();
	tenant.addUser(ANNA, { password: 'pass word' });
});

afterEach(async () => await tenant.close());

function register(
	changes: Parameters<MicrosoftTenant['registerApplication']>[0] = {},
): Application {
	return tenant.registerApplication({
		secrets: ['s3cr3t~value'],
		appPermissions: ['Mail.ReadWrite', 'Mail.Send'],
		delegatedPermissions: ['Mail.ReadWrite', 'Mail.Send'],
		...changes,
	});
}

/** Saves the connector and presses its test, as the editor does. */
async function press(
	application: Application,
	changes: CredentialData['data'] = {},
): Promise<CredentialTestResult> {
	const connector = toGraphConnector(tenant, application, ANNA, changes);
	const { id } = await client.createCredential(connector);
	return await client.testCredential({ ...connector, id });
}

test('a connector that works says what it reached, and sends the test e-mail that is asked for', async () => {
	expect(await press(register())).toEqual({
		status: 'OK',
		message: expect.stringContaining(`for ${ANNA}, INBOX holds 0 e-mails`),
	});
	expect(tenant.transport.sent).toEqual([]);

	const tested = await press(register(), { testAddress: 'admin@customer.example' });

	expect(tested).toEqual({
		status: 'OK',
		message: expect.stringContaining('the test e-mail to admin@customer.example was accepted'),
	});
	expect(tenant.transport.sent).toMatchObject([
		{ mailbox: ANNA, recipients: ['admin@customer.example'] },
	]);
});

test('a user signs in with name and password', async () => {
	const asUser = { signIn: 'userPassword', user: ANNA };

	expect(await press(register(), { ...asUser, password: 'pass word' })).toMatchObject({
		status: 'OK',
	});
	expect(await press(register(), { ...asUser, password: 'wrong' })).toMatchObject({
		status: 'Error',
		message: expect.stringMatching(/AADSTS50126: .*\[trace /),
	});
});

interface Fault {
	readonly what: string;
	readonly application?: () => Application;
	readonly changes?: CredentialData['data'];
	/** Words that only this fault has: what happened, Microsoft's own, and what to do. */
	readonly says: readonly RegExp[];
}

const faults: readonly Fault[] = [
	{
		what: 'a wrong secret',
		changes: { clientSecret: 'not-the-s3cr3t' },
		says: [/The client secret is wrong/, /AADSTS7000215: .*\[trace [\w-]+/, /not its secret ID/],
	},
	{
		what: 'an expired secret',
		application: () => {
			const application = register();
			application.expiredSecrets.add('s3cr3t~value');
			return application;
		},
		says: [/The client secret has expired/, /AADSTS7000222: .*\[trace [\w-]+/, /Create a new/],
	},
	{
		what: 'a mailbox that does not exist',
		changes: { mailbox: 'nobody@contoso.example' },
		says: [/does not know the mailbox/, /ErrorInvalidUser: .*\[trace [\w-]+/, /Check the spelling/],
	},
	{
		what: 'an app without a permission',
		application: () => register({ appPermissions: [] }),
		says: [/no right on this mailbox/, /ErrorAccessDenied: .*\[trace [\w-]+/, /Mail\.ReadWrite/],
	},
	{
		what: 'a mailbox outside of the scope of the app',
		application: () => register({ mailboxScope: ['other@contoso.example'] }),
		says: [/no right on this mailbox/, /ErrorAccessDenied: .*\[trace [\w-]+/, /RBAC/],
	},
	{
		what: 'a test e-mail without the permission to send',
		application: () => register({ appPermissions: ['Mail.ReadWrite'] }),
		changes: { testAddress: 'admin@customer.example' },
		says: [/Outgoing failed while/, /ErrorAccessDenied: .*\[trace [\w-]+/, /Mail\.Send/],
	},
	{
		what: 'a connector that is switched off',
		changes: { enabled: false },
		says: [/switched off/],
	},
];

test.each(faults)(
	'$what gets its own sentence, with the trace and without the secret',
	async ({ application = register, changes, says }) => {
		const { status, message } = await press(application(), changes);

		expect(status).toBe('Error');
		for (const words of says) expect(message).toMatch(words);
		expect(message).not.toMatch(/s3cr3t|\n\s+at /);
		expect(tenant.transport.sent).toEqual([]);
	},
);
