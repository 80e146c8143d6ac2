import { type ParsedMail, simpleParser } from 'mailparser';
import type { N8nClient } from '../../tools/n8n/rest';
import { itemsOf } from '../../tools/n8n/execution-data';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { executionsWhen, sharedN8n } from '../support/n8n';
import { toConnector } from '../support/n8n-connector';
import { toBranches, toTrigger } from '../support/n8n-workflow';
import { type Postfix, startPostfix } from '../support/postfix';

const SUPPORT = 'support@example.test';
const BILLING = 'billing@example.test';

let client: N8nClient;
let dovecot: Dovecot;
let postfix: Postfix;
let active: string[] = [];

beforeAll(async () => {
	({ client } = sharedN8n());
	dovecot = await startDovecot();
	postfix = await startPostfix({ dovecot });
});

afterEach(async () => {
	for (const id of active) await client.deactivate(id);
	active = [];
});

afterAll(async () => {
	await postfix?.stop();
	await dovecot?.stop();
});

/** A workflow that acknowledges whatever comes to the mailbox. */
async function acknowledge(user: string, text: string): Promise<string> {
	const connector = await client.createCredential(
		toConnector({ dovecot, postfix, user }, { fromName: `The desk of ${user}` }),
	);
	const trigger = toTrigger(connector, {
		routes: {
			route: [
				{
					name: 'Questions',
					rules: { rule: [{ field: 'subject', value: 'question' }] },
					sendAcknowledgement: true,
					acknowledgementSubject: 'Received: {subject}',
					acknowledgementText: text,
				},
			],
		},
		fallback: { acknowledgement: { sendAcknowledgement: true, acknowledgementText: text } },
	});
	const workflow = await client.createWorkflow(
		toBranches(trigger, ['Questions', 'Fallback', 'Error']),
	);
	active.push(workflow.id);
	await client.activate(workflow);
	return workflow.id;
}

async function readMails(user: string, count: number): Promise<ParsedMail[]> {
	const sources = await dovecot.waitForMessages(user, count);
	return await Promise.all(sources.map(async (source) => await simpleParser(source)));
}

test('whoever writes gets one acknowledgement, and two robots do not answer each other', async () => {
	const support = await acknowledge(SUPPORT, 'Dear {senderName}, we look at {subject}.');
	const billing = await acknowledge(BILLING, 'Billing has it.');

	await dovecot.deliver(SUPPORT, {
		from: `Bill Ng <${BILLING}>`,
		subject: 'A question',
		text: 'Hello',
	});
	const [answer] = await readMails(BILLING, 1);
	expect(answer).toMatchObject({
		subject: 'Received: A question',
		text: expect.stringContaining('Dear Bill Ng, we look at A question.') as unknown,
		from: { value: [{ address: SUPPORT, name: `The desk of ${SUPPORT}` }] },
	});
	expect(answer?.headers.get('auto-submitted')).toBe('auto-replied');
	expect(answer?.inReplyTo).toBeDefined();

	// The billing robot has seen the answer, and has not answered it.
	const [seen] = await executionsWhen(client, billing, (executions) => executions.length === 1);
	expect(seen === undefined ? undefined : itemsOf(seen, 'Questions')[0]?.json).toMatchObject({
		kinds: expect.arrayContaining(['automatic']) as unknown,
		acknowledgement: { status: 'notSent', reason: 'it was made by a program' },
	});

	// A second mail of the same sender within the period gets none.
	await dovecot.deliver(SUPPORT, { from: BILLING, subject: 'Another question', text: 'Hello' });
	const executions = await executionsWhen(client, support, ({ length }) => length === 2);
	const fields = executions
		.flatMap((execution) => itemsOf(execution, 'Questions'))
		.map(({ json }) => json['acknowledgement']);
	expect(fields).toContainEqual({ status: 'sending', to: BILLING });
	expect(fields).toContainEqual({
		status: 'notSent',
		reason: 'its sender has had an answer within the period',
	});
	expect(await readMails(BILLING, 1)).toHaveLength(1);
	expect(await readMails(SUPPORT, 2)).toHaveLength(2);
});
