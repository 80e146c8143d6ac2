import { type ParsedMail, simpleParser } from 'mailparser';
import { itemsOf } from '../../tools/n8n/execution-data';
import type { N8nClient } from '../../tools/n8n/rest';
import { connect } from '../../tools/n8n/workflow';
import { startGraphTenant } from '../support/graph-mailbox';
import type { MicrosoftTenant } from '../support/microsoft-tenant/tenant';
import { eventually, executionsWhen, sharedN8n } from '../support/n8n';
import { byGraph, toGraphConnector } from '../support/n8n-graph';
import { TRIGGER, toSender, toTrigger } from '../support/n8n-workflow';

const ANNA = 'anna@contoso.example';
const SALES = 'sales@contoso.example';
const CUSTOMER = 'ada@customer.example';

let client: N8nClient;
let tenant: MicrosoftTenant;

beforeAll(() => {
	({ client } = sharedN8n());
});

beforeEach(async () => {
	tenant = await startGraphTenant();
	tenant.addUser(ANNA);
	tenant.addUser(SALES, { mailbox: 'shared' });
});

afterEach(async () => await tenant?.close());

const question = [
	`From: Ada <${CUSTOMER}>`,
	`To: ${SALES}`,
	'Subject: =?utf-8?B?R3LDvMOfZQ==?=',
	'Date: Tue, 03 Nov 2026 10:15:30 +0100',
	'Message-ID: <question@customer.example>',
	'References: <first@customer.example>',
	'MIME-Version: 1.0',
	'Content-Type: multipart/mixed; boundary=b',
	'',
	'--b',
	'Content-Type: text/plain; charset=utf-8',
	'',
	'Where is my order?',
	'--b',
	'Content-Type: application/pdf; name=plan.pdf',
	'Content-Disposition: attachment; filename=plan.pdf',
	'Content-Transfer-Encoding: base64',
	'',
	Buffer.from('%PDF-1.4 plan').toString('base64'),
	'--b--',
	'',
].join('\r\n');

test('a mail that Graph gave is acknowledged, answered in its thread and forwarded with its file, all by Graph', async () => {
	const application = tenant.registerApplication({
		secrets: ['s3cr3t~value'],
		appPermissions: ['Mail.ReadWrite', 'Mail.Send'],
		mailboxScope: [SALES],
	});
	const identity = { fromName: 'Sales', signatureText: 'Your sales team' };
	const connector = await client.createCredential(
		toGraphConnector(tenant, application, SALES, identity),
	);
	const trigger = toTrigger(connector, {
		routes: {
			route: [
				{
					name: 'Orders',
					rules: { rule: [{ field: 'body', value: 'order' }] },
					sendAcknowledgement: true,
					acknowledgementSubject: 'Received: {subject}',
					acknowledgementText: 'Dear {senderName}, we look at it.',
				},
			],
		},
		options: { attachments: 'all' },
	});
	const reply = toSender('Reply', connector, {
		operation: 'reply',
		text: '=You wrote about {{ $json.subject }}.',
	});
	const forward = toSender('Forward', connector, {
		operation: 'forward',
		to: ANNA,
		text: 'Please look.',
	});
	const workflow = await client.createWorkflow({
		name: 'Answer by Graph',
		nodes: [trigger, reply, forward].map((node) => byGraph(node, connector)),
		connections: connect(TRIGGER, ['Reply', 'Forward']),
		settings: { executionOrder: 'v1' },
	});
	await client.activate(workflow);
	try {
		await tenant.mailbox(SALES).deliver(question);
		const [execution] = await executionsWhen(client, workflow.id, (all) => all.length === 1);
		await eventually(
			'acknowledgement',
			async () => await Promise.resolve(tenant.transport.sent.length === 3 || undefined),
		);

		const mails = await readSent();
		expect(mails.get('Received: Grüße')).toMatchObject({
			text: expect.stringContaining('Dear Ada, we look at it.'),
			inReplyTo: '<question@customer.example>',
		});
		expect(mails.get('Received: Grüße')?.headers.get('auto-submitted')).toBe('auto-replied');
		const answer = mails.get('Re: Grüße');
		expect(answer).toMatchObject({
			text: expect.stringMatching(
				/^You wrote about Grüße\.\s+Your sales team[^]*> Where is my order\?/,
			),
			inReplyTo: '<question@customer.example>',
			references: ['<first@customer.example>', '<question@customer.example>'],
			from: { value: [{ name: 'Sales', address: SALES }] },
			to: { value: [{ address: CUSTOMER }] },
		});
		expect(mails.get('Fwd: Grüße')).toMatchObject({
			text: expect.stringContaining('Where is my order?'),
			to: { value: [{ address: ANNA }] },
			attachments: [{ filename: 'plan.pdf', content: Buffer.from('%PDF-1.4 plan') }],
		});

		const results = ['Reply', 'Forward'].flatMap((name) => execution && itemsOf(execution, name));
		expect(execution?.error).toBeUndefined();
		expect(results.map((item) => item?.json['messageId'])).toEqual([
			answer?.messageId,
			mails.get('Fwd: Grüße')?.messageId,
		]);
		expect(held('sentitems')).toHaveLength(3);
		expect(held('drafts')).toEqual([]);
		expect(tenant.requests.leaks).toEqual([]);
	} finally {
		await client.deactivate(workflow.id);
	}
});

const held = (folder: string) => {
	const mailbox = tenant.mailbox(SALES);
	return mailbox.messagesIn(mailbox.folder(folder));
};

/** All that left, by subject. */
async function readSent(): Promise<ReadonlyMap<string, ParsedMail>> {
	const mails = await Promise.all(
		tenant.transport.sent.map(async (one) => await simpleParser(await one.mime())),
	);
	return new Map(mails.map((mail) => [mail.subject ?? '', mail]));
}
