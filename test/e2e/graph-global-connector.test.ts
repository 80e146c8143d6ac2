import { itemsOf } from '../../tools/n8n/execution-data';
import { type Execution, N8nClient } from '../../tools/n8n/rest';
import { startGraphTenant } from '../support/graph-mailbox';
import type { MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { ownN8n } from '../support/n8n';
import { GRAPH_CONNECTOR, toGraphConnector } from '../support/n8n-graph';
import { type Door, openDoor, SEND, sendOnce, toFields } from '../support/n8n-senders';

const START_MS = 240_000;
const OFFICE = 'office@contoso.example';
const SECRET = 's3cr3t~value';

let tenant: MicrosoftTenant;
let team: Door;
let remove: (() => Promise<void>) | undefined;

beforeEach(async () => {
	tenant = await startGraphTenant();
	tenant.addUser(OFFICE);
	team = await openDoor('sales@team.test');
});

afterEach(async () => {
	await remove?.();
	remove = undefined;
	await team?.sink.close();
	await tenant?.close();
}, START_MS);

/** Sends by a connector of SMTP, in an n8n whose administrator sends everything by Graph. */
async function sendUnder(rules: Readonly<Record<string, unknown>>): Promise<Execution> {
	const application = tenant.registerApplication({
		secrets: [SECRET],
		appPermissions: ['Mail.ReadWrite', 'Mail.Send'],
		mailboxScope: [OFFICE],
	});
	const { data } = toGraphConnector(tenant, application, OFFICE, { useFor: 'outgoing' });
	const office = { type: GRAPH_CONNECTOR, name: 'Office', ...data, ...rules };
	const own = await ownN8n({ N8N_EMAIL_GLOBAL_CONNECTOR: JSON.stringify(office) });
	({ remove } = own);
	const client = await N8nClient.connect(own.instance.url);
	const connector = await client.createCredential({
		name: team.user,
		type: 'smtpImapApi',
		data: toFields(team),
	});
	return await sendOnce(client, connector);
}

test(
	'a global connector by Graph sends what another connector was asked for, and leaves no copy where none is wanted',
	async () => {
		const execution = await sendUnder({ forceFrom: true, saveToSentItems: false });

		expect(execution.error).toBeUndefined();
		expect(itemsOf(execution, SEND)).toMatchObject([
			{
				json: {
					accepted: ['ann@customer.test'],
					connector: { asked: team.user, used: 'Office', override: 'environment' },
					savedToSent: { status: 'skipped' },
				},
			},
		]);
		expect(team.sink.mails).toEqual([]);
		const [sent, ...more] = tenant.transport.sent;
		expect([sent?.mailbox, more]).toEqual([OFFICE, []]);
		expect(sent?.message.content.from?.emailAddress.address).toBe(OFFICE);
		const mailbox = tenant.mailbox(OFFICE);
		expect(mailbox.messagesIn(mailbox.folder('sentitems'))).toEqual([]);
		expect(JSON.stringify(execution)).not.toContain(SECRET);
	},
	START_MS,
);

test(
	'where the address of the workflow is not one of its own, the error says what the author can do, and what the administrator',
	async () => {
		const execution = await sendUnder({});

		expect(execution.error).toMatch(/ErrorSendAsDenied/);
		expect(execution.error).toContain(`Set From Address to ${OFFICE}, or ask the administrator`);
		expect(tenant.transport.sent).toEqual([]);
		expect(team.sink.mails).toEqual([]);
	},
	START_MS,
);
