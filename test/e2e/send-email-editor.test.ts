import { simpleParser } from 'mailparser';
import { type Page, selectors } from 'playwright-core';
import { itemsOf } from '../../tools/n8n/execution-data';
import type { N8nClient } from '../../tools/n8n/rest';
import { type CredentialReference, connect } from '../../tools/n8n/workflow';
import { eventually, sharedN8n } from '../support/n8n';
import { Editor } from '../support/n8n-editor';
import { toEnd, toSender } from '../support/n8n-workflow';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink';
import { linksOf } from '../support/waiting-node';

const START = 'Start';
const SEND = 'Send Email';

let client: N8nClient;
let editor: Editor;
let sink: SmtpSink;
let connector: CredentialReference;

beforeAll(async () => {
	selectors.setTestIdAttribute('data-test-id');
	sink = await startSmtpSink();
	const shared = sharedN8n();
	client = shared.client;
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
			primaryAddress: 'approvals@example.com',
		},
	});
	editor = await Editor.open(client);
});

afterAll(async () => {
	await editor?.close();
	await sink?.close();
});

async function createWorkflow(parameters: Record<string, unknown>): Promise<string> {
	const { id } = await client.createWorkflow({
		name: 'Ask for approval',
		nodes: [
			{ ...toEnd(START), type: 'n8n-nodes-base.manualTrigger' },
			toSender(SEND, connector, parameters),
			{ ...toEnd('End'), position: [800, 0] },
		],
		connections: { ...connect(START, [SEND]), ...connect(SEND, ['End']) },
		settings: { executionOrder: 'v1' },
		pinData: { [START]: [{ json: { invoice: 4711 } }] },
	});
	return id;
}

/** The names of the fields that the node shows, from top to bottom. */
async function shownFields(): Promise<string[]> {
	const boxes = editor.part('ndv').locator('[data-test-id^="parameter-input-"]');
	const names = await boxes.evaluateAll((found) =>
		found.map((box) => box.getAttribute('data-test-id')?.replace('parameter-input-', '') ?? ''),
	);
	return names.filter((name) => name !== '' && name !== 'field');
}

const sender = ['fromName', 'fromAddress', 'cc', 'bcc', 'replyTo'];

test.each<[string, readonly string[], readonly string[]]>([
	['send', ['to', 'subject', 'messageFormat', 'text', ...sender], ['message', 'responseType']],
	['reply', ['answeredEmail', 'messageFormat', 'text'], ['message', 'responseType']],
	['replyAll', ['messageFormat', 'text'], ['message', 'responseType']],
	['forward', ['messageFormat', 'text'], ['message', 'responseType']],
	['saveDraft', ['draftOf', 'messageFormat'], ['message', 'responseType']],
	[
		'sendAndWait',
		['to', 'subject', 'message', 'responseType', 'approvalType', ...sender],
		['text', 'messageFormat'],
	],
	['checkConnector', [], ['to', 'subject', 'text', 'message', 'messageFormat', ...sender]],
])('%s shows its fields and no others', async (operation, shown, hidden) => {
	await editor.openWorkflow(await createWorkflow({ operation }));
	await editor.node(SEND).dblclick();
	await editor.field('operation').waitFor();

	const names = await shownFields();

	expect(names).toEqual(expect.arrayContaining(['connector', 'operation', ...shown]));
	expect(names.filter((name) => hidden.includes(name))).toEqual([]);
	expect(names.indexOf('connector')).toBeLessThan(names.indexOf('operation'));
});

/** A browser without scripts, on a phone. */
async function phone(): Promise<Page> {
	const context = await editor.page
		.context()
		.browser()
		?.newContext({
			javaScriptEnabled: false,
			viewport: { width: 390, height: 760 },
		});
	if (context === undefined) throw new Error('There is no browser.');
	return await context.newPage();
}

async function ask(parameters: Record<string, unknown>) {
	const count = sink.mails.length;
	const workflowId = await createWorkflow({
		operation: 'sendAndWait',
		to: 'ann@example.com',
		subject: '=Approve invoice {{ $json.invoice }}?',
		message:
			'Dear Ann,\n\nNorthwind asks for 1,240.00 EUR for the cooling unit. Please approve it, or decline it if the unit has not arrived.',
		...parameters,
	});
	const executionId = await client.runManually(workflowId, START);
	await eventually('execution that waits', async () => {
		const [execution] = await client.listExecutions(workflowId);
		return execution?.status === 'waiting' ? true : undefined;
	});
	const mail = await simpleParser(sink.mails[count]?.raw ?? '');
	return { mail, links: linksOf(mail.text), executionId };
}

test('the button of the page approves, in a browser without scripts', async () => {
	const { mail, executionId } = await ask({});
	const page = await phone();
	await page.setContent(String(mail.html));
	await page.getByRole('link', { name: 'Approve' }).click();

	await page.getByRole('button', { name: 'Approve' }).click();

	await page.getByText('Your answer has been recorded').waitFor();
	const execution = await client.waitForExecution(executionId);
	expect(itemsOf(execution, 'End')).toMatchObject([{ json: { approved: true } }]);
	await page.context().close();
});

test('a form is filled in on a phone, and says what is missing', async () => {
	const { links, executionId } = await ask({
		responseType: 'customForm',
		formFields: {
			field: [
				{ label: 'Cost centre', type: 'dropdown', choices: '100\n200', required: true },
				{ label: 'Due', type: 'date' },
				{ label: 'Your e-mail', name: 'email', type: 'email' },
				{ label: 'Remark', type: 'textarea' },
				{ label: 'Goods have arrived', name: 'arrived', type: 'checkbox', required: true },
			],
		},
	});
	const page = await phone();
	await page.goto(links['Respond'] ?? '');
	await page.getByLabel('Cost centre').selectOption('200');
	await page.getByLabel('Remark').fill('Line one\nLine "two" <b>');
	// As a browser does that does not know `required`.
	await page.locator('form').evaluate((form) => form.setAttribute('novalidate', ''));
	await page.getByRole('button', { name: 'Submit' }).click();
	await page.getByText('Please tick this box').waitFor();
	expect(await page.getByLabel('Remark').inputValue()).toBe('Line one\nLine "two" <b>');

	await page.getByLabel('Goods have arrived').check();
	await page.getByRole('button', { name: 'Submit' }).click();

	await page.getByText('Your answer has been recorded').waitFor();
	const execution = await client.waitForExecution(executionId);
	expect(itemsOf(execution, 'End')).toMatchObject([
		{
			json: {
				fields: {
					'Cost centre': '200',
					Due: null,
					email: null,
					Remark: 'Line one\nLine "two" <b>',
					arrived: true,
				},
			},
		},
	]);
	await page.context().close();
});

test('while it waits the editor says for what, and then shows the answer', async () => {
	await editor.openWorkflow(
		await createWorkflow({
			operation: 'sendAndWait',
			to: 'ann@example.com',
			subject: '=Approve invoice {{ $json.invoice }}?',
			message: '=Northwind asks for 1,240.00 EUR for invoice {{ $json.invoice }}.',
		}),
	);
	await editor.node(SEND).dblclick();
	const count = sink.mails.length;
	await editor.part('node-execute-button').click();
	await editor.page.getByText('after somebody has answered').first().waitFor();
	const mail = await eventually('mail', async () => sink.mails[count]);
	const { Approve = '' } = linksOf((await simpleParser(mail.raw)).text);
	await eventually('answer that is taken', async () => {
		const body = new URLSearchParams({ decision: 'approve' });
		const answer = await fetch(Approve, { method: 'POST', body });
		return answer.ok ? true : undefined;
	});

	await editor.part('output-panel').getByText('respondedAt').first().waitFor();
	await editor.closeMessages();
	await editor.takePicture('send-and-wait', 920);
});
