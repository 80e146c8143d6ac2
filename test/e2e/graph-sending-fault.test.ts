import { itemsOf } from '../../tools/n8n/execution-data';
import type { Execution, N8nClient } from '../../tools/n8n/rest';
import { type CredentialReference, connect } from '../../tools/n8n/workflow';
import { startGraphTenant } from '../support/graph-mailbox';
import type { Application } from '../support/microsoft-tenant/directory/application';
import { cut, graphFault } from '../support/microsoft-tenant/http/fault';
import type { MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { sharedN8n } from '../support/n8n';
import { byGraph, toGraphConnector } from '../support/n8n-graph';
import { toEnd, toSender } from '../support/n8n-workflow';

const START = 'Start';
const FILE = 'File';
const SEND = 'Send Email';
const ANNA = 'anna@contoso.example';
const CUSTOMER = 'ada@customer.example';

let client: N8nClient;
let tenant: MicrosoftTenant;
let application: Application;
let connector: CredentialReference;

beforeAll(() => {
	({ client } = sharedN8n());
});

beforeEach(async () => {
	tenant = await startGraphTenant();
	tenant.addUser(ANNA);
	application = tenant.registerApplication({
		secrets: ['s3cr3t~value'],
		appPermissions: ['Mail.ReadWrite', 'Mail.Send'],
	});
	connector = await client.createCredential(toGraphConnector(tenant, application, ANNA));
});

afterEach(async () => await tenant.close());

/** Sends one e-mail per item with a file that no message can hold, and settings of the node beside it. */
async function send(
	items: ReadonlyArray<{ readonly to: string }>,
	settings: Partial<ReturnType<typeof toSender>>,
): Promise<Execution> {
	const parameters = {
		to: "={{ $('Start').item.json.to }}",
		subject: 'Hello',
		text: 'Hello Ada',
		options: { attachments: '*' },
	};
	const start = { ...toEnd(START), type: 'n8n-nodes-base.manualTrigger' };
	const file = {
		...toEnd(FILE),
		type: 'n8n-nodes-base.convertToFile',
		typeVersion: 1.1,
		parameters: { operation: 'toText', sourceProperty: 'content' },
	};
	const { id } = await client.createWorkflow({
		name: 'Send by Graph in spite of faults',
		nodes: [
			start,
			file,
			{ ...byGraph(toSender(SEND, connector, parameters), connector), ...settings },
		],
		connections: { ...connect(START, [FILE]), ...connect(FILE, [SEND]) },
		settings: { executionOrder: 'v1' },
		pinData: {
			[START]: items.map((item) => ({ json: { ...item, content: 'x'.repeat(3_500_000) } })),
		},
	});
	return await client.waitForExecution(await client.runManually(id, START));
}

const inFolder = (folder: string) => {
	const mailbox = tenant.mailbox(ANNA);
	return mailbox.messagesIn(mailbox.folder(folder));
};

const denied = graphFault(403, 'ErrorAccessDenied', 'Access is denied.');
const gaps: ReadonlyArray<[gap: string, drafts: number, order: () => void]> = [
	[
		'the draft was made',
		0,
		() => tenant.faults.add({ method: 'POST', url: /createUploadSession$/, answer: denied }),
	],
	[
		'the file was uploaded',
		0,
		() => tenant.faults.add({ method: 'POST', url: /\/send$/, answer: denied }),
	],
	[
		'the e-mail was sent, and nobody could be asked',
		1,
		() => {
			tenant.faults.add({ method: 'POST', url: /\/send$/, when: 'after', answer: cut });
			// The three looks of the first try.
			tenant.faults.add({ method: 'GET', url: /\/messages\//, times: 3, answer: denied });
		},
	],
];

test.each(gaps)('Retry On Fail after %s sends one e-mail', async (_gap, reused, order) => {
	order();

	const execution = await send([{ to: CUSTOMER }], {
		retryOnFail: true,
		maxTries: 2,
		waitBetweenTries: 100,
	});

	expect(execution.error).toBeUndefined();
	expect(itemsOf(execution, SEND)).toMatchObject([{ json: { accepted: [CUSTOMER] } }]);
	// The first try failed: the second has made a draft of its own, or found what became of the first one.
	expect(tenant.requests.matching(/POST .*\/messages$/)).toHaveLength(2 - reused);
	expect(tenant.transport.sent).toHaveLength(1);
	expect(tenant.transport.sent[0]?.message.attachments).toHaveLength(1);
	expect(inFolder('sentitems')).toHaveLength(1);
	expect(inFolder('drafts')).toEqual([]);
	expect(tenant.requests.leaks).toEqual([]);
});

test('an address that Microsoft refuses is told in its item, and the others get their e-mail', async () => {
	const wrong = 'wrong@customer.example';
	tenant.sendLimits.refusedRecipients.add(wrong);

	const execution = await send([{ to: CUSTOMER }, { to: wrong }, { to: CUSTOMER }], {
		onError: 'continueRegularOutput',
	});

	const [first, second, third] = itemsOf(execution, SEND).map(({ json }) => json);
	expect([first, third]).toMatchObject([{ accepted: [CUSTOMER] }, { accepted: [CUSTOMER] }]);
	expect(second).toEqual({
		error: expect.stringMatching(
			/^A recipient is missing or not valid .*ErrorInvalidRecipients: .* \[trace [\w-]+/,
		),
		message: 'Check To, Cc and Bcc.',
	});
	expect(tenant.transport.sent).toHaveLength(2);
	expect(inFolder('drafts')).toEqual([]);
});

test('a permission that is missing is told with what to do and with the trace of the request', async () => {
	application.appPermissions = ['Mail.ReadWrite'];

	const execution = await send([{ to: CUSTOMER }], { onError: 'continueErrorOutput' });

	const [failed] = itemsOf(execution, SEND, 1);
	expect(failed?.json).toMatchObject({
		error: expect.stringMatching(/no right .*ErrorAccessDenied: .* \[trace [\w-]+/),
		message: expect.stringContaining('Mail.Send'),
	});
	expect(JSON.stringify(execution)).not.toContain('s3cr3t~value');
	expect(inFolder('drafts')).toEqual([]);
});
