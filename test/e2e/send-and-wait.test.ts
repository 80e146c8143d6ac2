import { type ParsedMail, simpleParser } from 'mailparser';
import { itemsOf } from '../../tools/n8n/execution-data';
import type { Execution, N8nClient } from '../../tools/n8n/rest';
import {
	type Connections,
	type CredentialReference,
	type WorkflowNode,
	connect,
} from '../../tools/n8n/workflow';
import { eventually, sharedN8n } from '../support/n8n';
import { toEnd, toSender } from '../support/n8n-workflow';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink';

const START = 'Start';
/** With braces and quotes: the name stands in an expression of ours. */
const ASK = 'Ask {{ "Ann" }}';

let client: N8nClient;
let sink: SmtpSink;
let connector: CredentialReference;

beforeAll(async () => {
	({ client } = sharedN8n());
});

beforeEach(async () => {
	sink = await startSmtpSink();
	connector = await client.createCredential({
		name: 'Approvals',
		type: 'smtpImapApi',
		data: {
			emailService: 'other',
			useFor: 'outgoing',
			outgoingHost: sink.host,
			outgoingPort: sink.port,
			outgoingSecurity: 'none',
			authentication: 'none',
			primaryAddress: 'approvals@example.test',
		},
	});
});

afterEach(async () => await sink.close());

interface Run {
	readonly workflowId: string;
	readonly executionId: string;
}

/** Runs the node by hand behind a trigger that gives these items. */
async function ask(
	parameters: Record<string, unknown>,
	items: readonly object[] = [{ number: 4711 }],
	between: { nodes: WorkflowNode[]; connections: Connections } = {
		nodes: [],
		connections: connect(START, [ASK]),
	},
): Promise<Run> {
	const node = toSender(ASK, connector, {
		operation: 'sendAndWait',
		to: 'ann@example.test',
		subject: '=Approve invoice {{ $json.number }}',
		message: '=Invoice {{ $json.number }}\n<b>Please</b> look.',
		...parameters,
	});
	const { id } = await client.createWorkflow({
		name: 'Ask',
		nodes: [
			{ ...toEnd(START), type: 'n8n-nodes-base.manualTrigger' },
			...between.nodes,
			// n8n finds the link's node by this, and it stands in the address.
			{ ...node, id: 'ask-node' },
			toEnd('End'),
		],
		connections: { ...connect(ASK, ['End']), ...between.connections },
		settings: { executionOrder: 'v1' },
		pinData: { [START]: items.map((json) => ({ json })) },
	});
	return { workflowId: id, executionId: await client.runManually(id, START) };
}

async function statusOf({ workflowId }: Run): Promise<string | undefined> {
	return (await client.listExecutions(workflowId))[0]?.status;
}

async function waitingMail(run: Run, count = 1): Promise<ParsedMail> {
	await eventually(`waiting execution with ${count} mails`, async () =>
		sink.mails.length === count && (await statusOf(run)) === 'waiting' ? true : undefined,
	);
	return await simpleParser(sink.mails[count - 1]?.raw ?? '');
}

/** The links of the text part, by their label. */
function linksOf({ text = '' }: ParsedMail): Record<string, string> {
	const links = text.matchAll(/^(.+):\r?\n(http\S+)/gm);
	return Object.fromEntries([...links].map(([, label = '', url = '']) => [label, url]));
}

async function press(url: string, form: Record<string, string>): Promise<Response> {
	return await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
}

/** As a browser sends the forms of Custom Form and Free Text. */
async function fillIn(url: string, form: Record<string, string>): Promise<Response> {
	const body = new FormData();
	for (const [name, value] of Object.entries(form)) body.set(name, value);
	return await fetch(url, { method: 'POST', body });
}

async function endOf({ executionId }: Run): Promise<Execution> {
	return await client.waitForExecution(executionId);
}

test('nothing but the button approves: a scanner that opens the link has decided nothing', async () => {
	const run = await ask({});
	const mail = await waitingMail(run);
	const { Approve = '', Decline = '' } = linksOf(mail);
	expect(mail.subject).toBe('Approve invoice 4711');
	expect(mail.html).toContain('Invoice 4711<br>\n&lt;b&gt;Please&lt;/b&gt; look.');

	for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT']) {
		for (const url of [Approve, Decline]) {
			const answer = await fetch(url, { method, headers: { 'user-agent': 'Mozilla/5.0' } });
			expect(answer.status).toBeLessThan(500);
		}
	}
	const bare = await press(Approve, {});
	expect(await bare.text()).toContain('<button type="submit" class="approve">Approve</button>');
	expect(await statusOf(run)).toBe('waiting');

	const page = await fetch(Approve);
	expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
	expect(page.headers.get('referrer-policy')).toBe('no-referrer');
	expect(page.headers.get('x-robots-tag')).toBe('noindex, nofollow');
	expect(await page.text()).toContain('&lt;b&gt;Please&lt;/b&gt; look.');

	const thanks = await press(Approve, { decision: 'approve' });
	expect(await thanks.text()).toContain('Your answer has been recorded');

	const execution = await endOf(run);
	expect(execution.status).toBe('success');
	expect(itemsOf(execution, 'End')).toMatchObject([
		{ json: { approved: true, noResponse: false, respondedAt: expect.any(String) } },
	]);

	const second = await press(Decline, { decision: 'decline' });
	expect(await second.text()).toContain('No action required');
});

test('a link that was changed is refused, and declining is an answer', async () => {
	const run = await ask({ responseOptions: { declineLabel: 'Lehne ab' } });
	const { Approve = '', 'Lehne ab': decline = '' } = linksOf(await waitingMail(run));

	const changed = await press(decline.replace('approved=false', 'approved=true'), {
		decision: 'approve',
	});
	expect(changed.status).toBe(401);
	const unsigned = await press(Approve.replace(/signature=\w+/, ''), { decision: 'approve' });
	expect(unsigned.status).toBe(401);
	expect(await statusOf(run)).toBe('waiting');

	await press(decline, { decision: 'decline' });
	expect(itemsOf(await endOf(run), 'End')).toMatchObject([{ json: { approved: false } }]);
});

test('a form is shown again until it is complete, then its values go on', async () => {
	const run = await ask({
		responseType: 'customForm',
		formDefinition: 'json',
		formJson: JSON.stringify([
			{ label: 'Reason', name: 'reason', type: 'textarea', required: true },
			{ label: 'Cost centre', name: 'costCentre', type: 'dropdown', choices: ['100', '200'] },
			{ label: 'Amount', type: 'number' },
			{ label: 'Urgent', type: 'checkbox' },
		]),
	});
	const { Respond = '' } = linksOf(await waitingMail(run));
	expect(await (await fetch(Respond)).text()).toContain('<label for="field-0" class="required">');

	const again = await fillIn(Respond, { 'field-1': '300', 'field-2': '1e2' });
	expect(again.status).toBe(422);
	const html = await again.text();
	expect(html).toContain('Please fill in this field');
	expect(html).toContain('Please choose one of the list');
	expect(await statusOf(run)).toBe('waiting');

	await fillIn(Respond, { 'field-0': 'Because\r\nÄ', 'field-1': '200', 'field-2': '1e2' });
	expect(itemsOf(await endOf(run), 'End')).toMatchObject([
		{ json: { fields: { reason: 'Because\nÄ', costCentre: '200', Amount: 100, Urgent: false } } },
	]);
});

test('a free text goes on as text', async () => {
	const run = await ask({ responseType: 'freeText', message: 'Why?' });
	const { Respond = '' } = linksOf(await waitingMail(run));

	await fillIn(Respond, { 'field-0': '<script>alert(1)</script>' });

	expect(itemsOf(await endOf(run), 'End')).toMatchObject([
		{ json: { text: '<script>alert(1)</script>' } },
	]);
});

test('when the time is over the workflow goes on with the item, which says that nobody answered', async () => {
	const limit = { limitType: 'afterTimeInterval', resumeAmount: 0.1, resumeUnit: 'minutes' };
	const run = await ask({ responseOptions: { limitWaitTime: { values: limit } } });
	const { Approve = '' } = linksOf(await waitingMail(run));

	const execution = await endOf(run);

	expect(execution.status).toBe('success');
	expect(itemsOf(execution, 'End').map(({ json }) => json)).toEqual([
		{ number: 4711, noResponse: true },
	]);
	expect(itemsOf(execution, START).map(({ json }) => json)).toEqual([{ number: 4711 }]);
	const late = await press(Approve, { decision: 'approve' });
	expect(await late.text()).toContain('No action required');
});

test('in a loop the link of an answered mail does not answer the next one', async () => {
	const LOOP = 'Loop Over Items';
	const loop: WorkflowNode = {
		id: 'loop',
		name: LOOP,
		type: 'n8n-nodes-base.splitInBatches',
		typeVersion: 3,
		position: [200, 0],
		parameters: { options: {} },
	};
	const run = await ask({}, [{ number: 1 }, { number: 2 }], {
		nodes: [loop],
		connections: {
			...connect(START, [LOOP]),
			...connect(LOOP, ['End'], [ASK]),
			...connect(ASK, [LOOP]),
		},
	});
	const first = linksOf(await waitingMail(run));
	await press(first['Approve'] ?? '', { decision: 'approve' });
	const second = linksOf(await waitingMail(run, 2));

	const again = await press(first['Approve'] ?? '', { decision: 'approve' });
	expect(again.status).toBe(410);
	expect(await again.text()).toContain('Already answered');
	expect(await statusOf(run)).toBe('waiting');

	await press(second['Decline'] ?? '', { decision: 'decline' });
	const execution = await endOf(run);
	expect(itemsOf(execution, 'End').map(({ json }) => json['approved'])).toEqual([true, false]);
});

test('several items at once are refused before any mail', async () => {
	const run = await ask({}, [{ number: 1 }, { number: 2 }]);

	const execution = await endOf(run);

	expect(execution.status).toBe('error');
	expect(execution.error).toContain('Loop Over Items');
	expect(sink.mails).toEqual([]);
});

test('a connector is checked as data, whether it works or not', async () => {
	const working = await endOf(await ask({ operation: 'checkConnector' }, [{}, {}]));
	expect(itemsOf(working, ASK)).toMatchObject([
		{ json: { ok: true, connector: { asked: 'Approvals', used: 'Approvals' } } },
	]);
	expect(sink.mails).toEqual([]);
	sink.behave('connect', () => '554 5.7.1 Go away');

	const failing = await endOf(await ask({ operation: 'checkConnector' }));

	expect(failing.status).toBe('success');
	expect(itemsOf(failing, ASK)).toMatchObject([
		{ json: { ok: false, summary: expect.stringContaining('Go away') } },
	]);
});
