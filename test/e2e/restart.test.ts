import { itemsOf } from '../../tools/n8n/execution-data';
import type { N8nInstance } from '../../tools/n8n/instance';
import { type Execution, N8nClient } from '../../tools/n8n/rest';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { executionsWhen, ownN8n } from '../support/n8n';
import { toConnector } from '../support/n8n-connector';
import { toBranches, toTrigger } from '../support/n8n-workflow';

/** Three starts of n8n in one test. */
jest.setTimeout(240_000);

const user = 'support@example.test';

let dovecot: Dovecot;
let instance: N8nInstance;
let remove: (() => Promise<void>) | undefined;

beforeEach(async () => {
	dovecot = await startDovecot();
	({ instance, remove } = await ownN8n());
});

afterEach(async () => {
	await remove?.();
	await dovecot?.stop();
});

const subjects = (executions: readonly Execution[]): unknown[] =>
	executions.flatMap((execution) => itemsOf(execution, 'All').map(({ json }) => json['subject']));

async function deliver(...names: string[]): Promise<void> {
	for (const subject of names) {
		await dovecot.deliver(user, { from: 'a@other.test', subject, text: 'Text' });
	}
}

async function activate(parameters: Record<string, unknown>): Promise<string> {
	const client = await N8nClient.connect(instance.url);
	const connector = await client.createCredential(toConnector({ dovecot, user }));
	const trigger = toTrigger(connector, parameters);
	const workflow = await client.createWorkflow(toBranches(trigger, ['All']));
	await client.activate(workflow);
	return workflow.id;
}

/** All subjects that the workflow was given, in alphabetical order, as soon as `last` is among them. */
async function subjectsUntil(workflowId: string, last: string): Promise<unknown[]> {
	const client = await N8nClient.connect(instance.url);
	const found = await executionsWhen(client, workflowId, (all) => subjects(all).includes(last));
	return subjects(found).sort();
}

test.each([
	{ after: 'marking what was taken', parameters: { startWith: 'new' } },
	// Only n8n's own memory knows then what was taken.
	{ after: 'marking nothing', parameters: { startWith: 'new', afterProcessing: 'nothing' } },
])('$after, a restart loses no mail and gives none twice', async ({ parameters }) => {
	const id = await activate(parameters);
	await deliver('1 before', '2 before');
	await subjectsUntil(id, '2 before');

	await instance.stop();
	await deliver('3 while stopped', '4 while stopped');
	await instance.restart();
	await subjectsUntil(id, '4 while stopped');

	await instance.kill();
	await deliver('5 while killed', '6 while killed');
	await instance.restart();
	await subjectsUntil(id, '6 while killed');
	await deliver('7 after');

	expect(await subjectsUntil(id, '7 after')).toEqual([
		'1 before',
		'2 before',
		'3 while stopped',
		'4 while stopped',
		'5 while killed',
		'6 while killed',
		'7 after',
	]);
});
