import { itemsOf } from '../../tools/n8n/execution-data';
import { type N8nInstance } from '../../tools/n8n/instance';
import { N8nClient } from '../../tools/n8n/rest';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { eventually, executionsWhen, ownN8n, sharedN8n } from '../support/n8n';
import { toConnector } from '../support/n8n-connector';
import { toBranches, toTrigger } from '../support/n8n-workflow';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink';

/** Two starts of n8n in one test. */
jest.setTimeout(240_000);

const USER = 'support@example.test';
const ANN = 'ann@other.test';
const BILL = 'bill@other.test';

let dovecot: Dovecot;
let sink: SmtpSink;
const cleanUp: Array<() => Promise<void>> = [];

beforeEach(async () => {
	dovecot = await startDovecot();
	sink = await startSmtpSink();
});

afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
	await sink?.close();
	await dovecot?.stop();
});

/** A workflow that acknowledges whatever comes, through the sink. */
async function acknowledge(client: N8nClient): Promise<string> {
	const connector = await client.createCredential(
		toConnector(
			{ dovecot, user: USER },
			{
				useFor: 'both',
				outgoingHost: sink.host,
				outgoingPort: sink.port,
				outgoingSecurity: 'none',
				authentication: 'none',
				// Silence is to last until n8n is killed.
				connectionTimeoutMs: 60_000,
			},
		),
	);
	const trigger = toTrigger(connector, {
		fallback: { acknowledgement: { sendAcknowledgement: true, acknowledgementText: 'Thank you.' } },
	});
	const workflow = await client.createWorkflow(toBranches(trigger, ['Fallback', 'Error']));
	await client.activate(workflow);
	return workflow.id;
}

async function deliver(from: string, subject: string): Promise<void> {
	await dovecot.deliver(USER, { from, subject, text: 'Hello' });
}

const answersTo = (address: string): number =>
	sink.mails.filter(({ to }) => to.includes(address)).length;

/** Answers leave one after the other: when Bill has his, those before it have left, or never will. */
async function untilBillIsAnswered(): Promise<void> {
	await eventually('answer to Bill', async () =>
		Promise.resolve(answersTo(BILL) > 0 ? true : undefined),
	);
}

async function startOwn(): Promise<N8nInstance> {
	const { instance, remove } = await ownN8n();
	cleanUp.push(remove);
	return instance;
}

test.each([
	{ when: 'before the server was told anything', step: 'connect', answers: 0 },
	{ when: 'while the server takes the mail', step: 'data', answers: 0 },
	{ when: 'when the server has the mail, and has not said so', step: 'reply', answers: 1 },
] as const)(
	'n8n is killed $when: the sender never gets a second acknowledgement',
	async ({ step, answers }) => {
		const instance = await startOwn();
		const workflowId = await acknowledge(await N8nClient.connect(instance.url));
		let isReached = false;
		sink.behave(step, () => {
			isReached = true;
			return 'silence';
		});
		await deliver(ANN, '1 before the kill');
		await eventually(`step ${step}`, async () => Promise.resolve(isReached || undefined), 60_000);
		await instance.kill();
		expect(answersTo(ANN)).toBe(answers);

		sink.behave(step, undefined);
		await instance.restart();
		await deliver(ANN, '2 after the kill');
		await deliver(BILL, '3 of another');
		await untilBillIsAnswered();
		expect(answersTo(ANN)).toBe(answers);

		// All mails came to the workflow all the same.
		const client = await N8nClient.connect(instance.url);
		const subjects = await eventually('all mails', async () => {
			const executions = await executionsWhen(client, workflowId, () => true);
			const found = executions.flatMap((execution) =>
				itemsOf(execution, 'Fallback').map(({ json }) => json['subject']),
			);
			return new Set(found).size === 3 ? found : undefined;
		});
		expect([...new Set(subjects)].sort()).toEqual([
			'1 before the kill',
			'2 after the kill',
			'3 of another',
		]);
	},
);

test('several mails of one sender in one execution get one acknowledgement', async () => {
	const { client } = sharedN8n();
	for (const subject of ['1', '2', '3', '4']) await deliver(ANN, subject);
	await deliver(BILL, '5');
	const workflowId = await acknowledge(client);
	cleanUp.push(async () => await client.deactivate(workflowId));
	await untilBillIsAnswered();
	const [execution, ...more] = await executionsWhen(client, workflowId, ({ length }) => length > 0);
	if (execution === undefined) throw new Error('no execution');
	expect(more).toEqual([]);
	const items = itemsOf(execution, 'Fallback');
	expect(items.map(({ json }) => json['acknowledgement'])).toEqual([
		{ status: 'sending', to: ANN },
		...Array.from({ length: 3 }, () => ({
			status: 'notSent',
			reason: 'its sender has had an answer within the period',
		})),
		{ status: 'sending', to: BILL },
	]);
	expect(answersTo(ANN)).toBe(1);
});
