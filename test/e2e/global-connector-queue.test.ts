import { readFile } from 'node:fs/promises';
import { itemsOf } from '../../tools/n8n/execution-data';
import { type Execution, N8nClient } from '../../tools/n8n/rest';
import type { CredentialReference } from '../../tools/n8n/workflow';
import { eventually, installForTests, sharedTarball } from '../support/n8n';
import { type Door, openDoor, SEND, sendOnce, toFields } from '../support/n8n-senders';
import { type N8nQueue, startQueue } from '../support/queue';

const START_MS = 240_000;
const TEST_MS = 120_000;

let team: Door;
let relay: Door;
let queue: N8nQueue;
let client: N8nClient;
let connector: CredentialReference;

beforeAll(async () => {
	team = await openDoor('team@team.test');
	relay = await openDoor('relay@corp.test');
	queue = await startQueue({
		installation: await installForTests(),
		packages: [sharedTarball()],
		workers: 1,
		env: {
			OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
			CREDENTIALS_OVERWRITE_ENDPOINT: 'overwrites',
			CREDENTIALS_OVERWRITE_PERSISTENCE: 'true',
		},
	});
	client = await N8nClient.connect(queue.main.url);
	const data = toFields(team);
	connector = await client.createCredential({ name: 'Team', type: 'smtpImapApi', data });
}, START_MS);

afterAll(async () => {
	await queue?.stop();
	await Promise.all([team?.sink.close(), relay?.sink.close()]);
}, START_MS);

/** Sends, and makes sure that a worker did it. */
async function sendOnWorker(): Promise<Execution> {
	const execution = await sendOnce(client, connector);
	const [worker] = queue.workers;
	const log = await readFile(worker?.logFile ?? '', 'utf8');
	expect(log).toContain(`Worker started execution ${execution.id}`);
	return execution;
}

const connectorOf = (execution: Execution): unknown =>
	itemsOf(execution, SEND)[0]?.json['connector'];

test(
	'a worker obeys an overwrite that the main process was given while both ran',
	async () => {
		expect(connectorOf(await sendOnWorker())).toEqual({ asked: 'Team', used: 'Team' });
		expect([team.sink.mails.length, relay.sink.mails.length]).toEqual([1, 0]);

		const answer = await fetch(`${queue.main.url}/overwrites`, {
			method: 'POST',
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify({
				smtpImapApi: { globalConnector: toFields(relay, { name: 'Company relay' }) },
			}),
		});
		expect(await answer.json()).toMatchObject({ success: true });

		// n8n tells its workers by Redis.
		const forced = await eventually('overwrite on the worker', async () => {
			const execution = await sendOnWorker();
			return relay.sink.mails.length > 0 ? execution : undefined;
		});
		expect(connectorOf(forced)).toEqual({
			asked: 'Team',
			used: 'Company relay',
			override: 'overwrite',
		});
		const before = team.sink.mails.length;
		await sendOnWorker();
		expect([team.sink.mails.length, relay.sink.mails.length]).toEqual([before, 2]);
	},
	TEST_MS,
);
