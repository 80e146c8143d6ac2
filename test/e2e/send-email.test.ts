import { type ParsedMail, simpleParser } from 'mailparser';
import { type Execution, type N8nClient, type CredentialData } from '../../tools/n8n/rest';
import { type CredentialReference, type Workflow, connect } from '../../tools/n8n/workflow';
import { itemsOf } from '../../tools/n8n/execution-data';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { executionsWhen, sharedN8n } from '../support/n8n';
import { toConnector } from '../support/n8n-connector';
import { TRIGGER, toEnd, toSender, toTrigger } from '../support/n8n-workflow';
import { type Postfix, startPostfix } from '../support/postfix';

const SUPPORT = 'support@example.test';
const BILLING = 'billing@example.test';
const START = 'Start';
const SEND = 'Send Email';

let client: N8nClient;
let dovecot: Dovecot;
let postfix: Postfix;
let connector: CredentialReference;

beforeAll(async () => {
	({ client } = sharedN8n());
});

beforeEach(async () => {
	dovecot = await startDovecot();
	postfix = await startPostfix({ dovecot });
	connector = await addConnector();
});

afterEach(async () => {
	await postfix.stop();
	await dovecot.stop();
});

async function addConnector(changes: CredentialData['data'] = {}): Promise<CredentialReference> {
	const identity = { fromName: 'Support', signatureText: 'Your support', ...changes };
	return await client.createCredential(toConnector({ dovecot, postfix, user: SUPPORT }, identity));
}

/** Runs Send Email by hand for these items. */
async function send(
	items: readonly object[],
	parameters: Record<string, unknown>,
	onError?: 'continueRegularOutput',
): Promise<Execution> {
	const start = { ...toEnd(START), type: 'n8n-nodes-base.manualTrigger' };
	const workflow: Workflow = {
		name: 'Send',
		nodes: [start, toSender(SEND, connector, parameters, onError), toEnd('End')],
		connections: { ...connect(START, [SEND]), ...connect(SEND, ['End']) },
		settings: { executionOrder: 'v1' },
		pinData: { [START]: items.map((json) => ({ json })) },
	};
	const { id } = await client.createWorkflow(workflow);
	return await client.waitForExecution(await client.runManually(id, START));
}

async function readMail(user: string, count: number, folder?: string): Promise<ParsedMail[]> {
	const sources = await dovecot.waitForMessages(user, count, folder);
	return await Promise.all(sources.map((source) => simpleParser(source)));
}

test('an answer stays in the thread of the mail that a trigger has taken, and is copied to Sent', async () => {
	const workflow = await client.createWorkflow({
		name: 'Answer',
		nodes: [
			toTrigger(connector),
			toSender(SEND, connector, {
				operation: 'reply',
				text: '=You wrote about {{ $json.subject }}.',
				options: { attachments: '*' },
			}),
		],
		connections: connect(TRIGGER, [SEND]),
		settings: { executionOrder: 'v1' },
	});
	await client.activate(workflow);
	const question = [
		`From: Billing <${BILLING}>`,
		`To: ${SUPPORT}`,
		'Subject: =?utf-8?B?R3LDvMOfZQ==?=',
		'Message-ID: <question@example.test>',
		'References: <first@example.test>',
		'MIME-Version: 1.0',
		'Content-Type: multipart/mixed; boundary=b',
		'',
		'--b',
		'Content-Type: text/plain',
		'',
		'A question.',
		'--b',
		'Content-Type: application/pdf; name=plan.pdf',
		'Content-Disposition: attachment',
		'Content-Transfer-Encoding: base64',
		'',
		Buffer.from('%PDF-1.4 plan').toString('base64'),
		'--b--',
		'',
	];

	await dovecot.deliver(SUPPORT, question.join('\r\n'));

	const [answer] = await readMail(BILLING, 1);
	await client.deactivate(workflow.id);
	expect(answer?.subject).toBe('Re: Grüße');
	expect(answer?.inReplyTo).toBe('<question@example.test>');
	expect(answer?.references).toEqual(['<first@example.test>', '<question@example.test>']);
	expect(answer?.from?.text).toBe(`"Support" <${SUPPORT}>`);
	expect(answer?.text).toContain('You wrote about Grüße.');
	expect(answer?.text).toContain('Your support');
	expect(answer?.attachments.map(({ filename, content }) => [filename, String(content)])).toEqual([
		['plan.pdf', '%PDF-1.4 plan'],
	]);

	const [copy] = await readMail(SUPPORT, 1, 'Sent');
	expect(copy?.messageId).toBe(answer?.messageId);
	const [execution] = await executionsWhen(client, workflow.id, (all) => all.length === 1);
	expect(execution && itemsOf(execution, SEND)).toMatchObject([
		{
			json: {
				messageId: answer?.messageId,
				accepted: [BILLING],
				rejected: [],
				savedToSent: { status: 'saved', folder: 'Sent' },
			},
			pairedItem: { item: 0 },
		},
	]);
});

test('an image of the mail taken stands inside the answer, and a blind copy is seen by nobody', async () => {
	const workflow = await client.createWorkflow({
		name: 'Answer with the image',
		nodes: [
			toTrigger(connector, { options: { attachments: 'all' } }),
			toSender(SEND, connector, {
				operation: 'reply',
				messageFormat: 'html',
				html: '<p>Your image: <img src="cid:picture"></p>',
				bcc: SUPPORT,
				options: {
					inlineImages: { image: [{ property: 'attachment_0', contentId: 'picture' }] },
				},
			}),
		],
		connections: connect(TRIGGER, [SEND]),
		settings: { executionOrder: 'v1' },
	});
	await client.activate(workflow);
	const image = Buffer.from('89504e470d0a1a0a', 'hex');
	await dovecot.deliver(
		SUPPORT,
		[
			`From: ${BILLING}`,
			`To: ${SUPPORT}`,
			'Subject: Picture',
			'MIME-Version: 1.0',
			'Content-Type: image/png; name=picture.png',
			'Content-Disposition: attachment; filename=picture.png',
			'Content-Transfer-Encoding: base64',
			'',
			image.toString('base64'),
			'',
		].join('\r\n'),
	);

	const [answer] = await readMail(BILLING, 1);
	const blindCopy = (await readMail(SUPPORT, 2)).find(({ subject }) => subject === 'Re: Picture');
	await client.deactivate(workflow.id);
	expect(answer?.attachments).toMatchObject([
		{ cid: 'picture', contentDisposition: 'inline', content: image },
	]);
	expect(answer?.text).toContain('Your image:');
	expect(blindCopy?.messageId).toBe(answer?.messageId);
	expect([answer?.headers.has('bcc'), blindCopy?.headers.has('bcc')]).toEqual([false, false]);
	const [copy] = await readMail(SUPPORT, 1, 'Sent');
	expect(copy?.headers.has('bcc')).toBe(true);
});

test('each item is a mail of its own, and each result is paired with its item', async () => {
	const items = [1, 2, 3].map((number) => ({ number }));

	const execution = await send(items, {
		to: `Billing <${BILLING}>`,
		subject: '=Mail {{ $json.number }}',
		messageFormat: 'both',
		text: '=Text {{ $json.number }}',
		html: '=<b>HTML {{ $json.number }}</b>',
		options: {
			importance: 'high',
			customHeaders: { header: [{ name: 'X-Ticket', value: '=T-{{ $json.number }}' }] },
		},
	});

	expect(execution.status).toBe('success');
	expect(itemsOf(execution, SEND).map(({ pairedItem }) => pairedItem)).toEqual([
		{ item: 0 },
		{ item: 1 },
		{ item: 2 },
	]);
	const mails = await readMail(BILLING, 3);
	const seen = mails.map((mail) => ({
		subject: mail.subject,
		ticket: mail.headers.get('x-ticket'),
		importance: mail.headers.get('priority'),
		html: mail.html,
	}));
	expect(seen).toEqual(
		expect.arrayContaining(
			[1, 2, 3].map((number) => ({
				subject: `Mail ${number}`,
				ticket: `T-${number}`,
				importance: expect.stringMatching(/^high$/i),
				html: expect.stringContaining(`<b>HTML ${number}</b>`),
			})),
		),
	);
});

test('one item that cannot be sent stops the run, and the reason names it', async () => {
	const items = [{ to: BILLING }, { to: 'no address' }];

	const execution = await send(items, { to: '={{ $json.to }}', subject: 'Hello', text: 'Text' });

	expect(execution.status).toBe('error');
	expect(execution.error).toMatch(/To.*no address/);
});

test('where errors are to be passed on, the other items are sent and the failed one says why', async () => {
	const items = [
		{ to: BILLING },
		{ to: 'no address' },
		{ to: 'nobody@example.test' },
		{ to: BILLING },
	];

	const execution = await send(
		items,
		{ to: '={{ $json.to }}', subject: 'Hello', text: 'Text' },
		'continueRegularOutput',
	);

	expect(execution.status).toBe('success');
	const results = itemsOf(execution, SEND).map(({ json, pairedItem }) => ({ ...json, pairedItem }));
	expect(results).toMatchObject([
		{ accepted: [BILLING], pairedItem: { item: 0 } },
		{ error: expect.stringMatching(/To.*no address/), pairedItem: { item: 1 } },
		{ error: expect.stringMatching(/rejected the recipients/i), pairedItem: { item: 2 } },
		{ accepted: [BILLING], pairedItem: { item: 3 } },
	]);
	expect(await readMail(BILLING, 2)).toHaveLength(2);
});

test('a connector that is switched off sends nothing and says so', async () => {
	connector = await addConnector({ enabled: false });

	const execution = await send([{}], { to: BILLING, subject: 'Hello', text: 'Text' });

	expect(execution.error).toMatch(/switched off/i);
	expect(await dovecot.messages(BILLING)).toEqual([]);
});

test('what one recipient of several is refused for stands in the result', async () => {
	const execution = await send([{}], {
		to: `${BILLING}, nobody@example.test`,
		subject: 'Hello',
		text: 'Text',
	});

	expect(itemsOf(execution, SEND)[0]?.json).toMatchObject({
		accepted: [BILLING],
		rejected: [{ address: 'nobody@example.test', reply: expect.stringContaining('550') }],
	});
});

test('a node that is tried again sends nothing again that was sent', async () => {
	const start = { ...toEnd(START), type: 'n8n-nodes-base.manualTrigger' };
	// One after the other, so that it is known which mails came before the one that fails.
	const single = await addConnector({ parallelConnections: 1 });
	const sender = toSender(SEND, single, {
		to: '={{ $json.to }}',
		subject: '={{ $json.subject }}',
		text: 'Text',
	});
	const { id } = await client.createWorkflow({
		name: 'Try again',
		nodes: [start, { ...sender, retryOnFail: true, maxTries: 3, waitBetweenTries: 500 }],
		connections: connect(START, [SEND]),
		settings: { executionOrder: 'v1' },
		pinData: {
			[START]: [
				{ json: { to: BILLING, subject: 'First' } },
				{ json: { to: BILLING, subject: 'Second' } },
				{ json: { to: 'nobody@example.test', subject: 'Refused' } },
			],
		},
	});
	const execution = await client.waitForExecution(await client.runManually(id, START));
	expect(execution.status).toBe('error');
	const subjects = (await readMail(BILLING, 2)).map(({ subject }) => subject);
	expect(subjects.sort()).toEqual(['First', 'Second']);
});
