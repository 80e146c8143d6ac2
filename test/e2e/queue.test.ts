import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { N8nInstance } from '../../tools/n8n/instance';
import { N8nClient } from '../../tools/n8n/rest';
import { type Dovecot, startDovecot } from '../support/dovecot';
import { eventually, installForTests, sharedTarball } from '../support/n8n';
import { toConnector } from '../support/n8n-connector';
import { type N8nQueue, startQueue } from '../support/queue';
import {
	type RecordedWork,
	type WorkLine,
	packQueueRecorder,
	readWork,
	toRecordedWork,
} from '../support/queue-record';

/** Two n8n processes may start one after the other, on a busy machine. */
const START_MS = 240_000;
const TEST_MS = 240_000;
/** n8n itself waits 30 s before it believes that a worker has died. */
const NOTICE_MS = 120_000;
/** A repetition would come within this. */
const REPETITION_MS = 3_000;

const users = ['main', 'worker', 'both', 'data'].map((name) => ({
	user: `${name}@example.test`,
	password: 'queue-password',
}));

let folder: string;
let dovecot: Dovecot;
let queue: N8nQueue;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'email-connectors-queue-'));
	dovecot = await startDovecot({ users });
	const packages = [sharedTarball(), await packQueueRecorder(folder)];
	queue = await startQueue({ installation: await installForTests(), packages });
}, START_MS);

afterAll(async () => {
	await queue?.stop();
	await dovecot?.stop();
	await rm(folder, { recursive: true, force: true });
}, START_MS);

/** An active workflow that records its work, and what it has recorded. */
async function activate(
	user: string,
	work: Omit<RecordedWork, 'file'>,
): Promise<{ readonly id: string; readonly work: () => WorkLine[] }> {
	const file = join(folder, user);
	const client = await N8nClient.connect(queue.main.url);
	const connector = await client.createCredential(toConnector({ dovecot, user }));
	const workflow = await client.createWorkflow(toRecordedWork(connector, { ...work, file }));
	await client.activate(workflow);
	return { id: workflow.id, work: () => readWork(file) };
}

async function deliver(user: string, subjects: readonly string[]): Promise<void> {
	for (const subject of subjects) {
		await dovecot.deliver(user, { from: 'a@other.test', subject, text: 'Text' });
	}
}

const numbered = (prefix: string, count: number): string[] =>
	Array.from({ length: count }, (_, index) => `${prefix} ${index + 1}`);

const finished = (lines: readonly WorkLine[]): string[] =>
	lines.flatMap(({ phase, subject }) => (phase === 'end' ? [subject] : [])).sort();

/** The work as soon as every subject has an end, and some time after it. */
async function workWhenFinished(
	work: () => WorkLine[],
	subjects: readonly string[],
): Promise<WorkLine[]> {
	await eventually(
		`end of every mail of ${subjects.join(', ')}`,
		async () => {
			const ended = new Set(finished(work()));
			return subjects.every((subject) => ended.has(subject)) ? ended : undefined;
		},
		NOTICE_MS,
	);
	await pause(REPETITION_MS);
	return work();
}

/** The first mail that a worker is working at, and that worker. */
async function workUnderWay(
	work: () => WorkLine[],
): Promise<{ readonly line: WorkLine; readonly worker: N8nInstance }> {
	return await eventually('work under way', async () => {
		const lines = work();
		const ended = new Set(finished(lines));
		const line = lines.find(({ subject }) => !ended.has(subject));
		const worker = queue.workers.find(({ pid }) => pid === line?.pid);
		return line === undefined || worker === undefined ? undefined : { line, worker };
	});
}

/** After a crash n8n waits ten seconds, unless this is gone. */
async function restart(instance: N8nInstance): Promise<void> {
	await rm(join(instance.userFolder, '.n8n', 'crash.journal'), { force: true });
	await instance.restart();
}

test(
	'when the main is killed while workers work, every mail is finished once',
	async () => {
		const user = 'main@example.test';
		const { id, work } = await activate(user, { workMs: 1_500, trigger: { startWith: 'all' } });
		const before = numbered('before', 6);
		await deliver(user, before.slice(0, 2));
		await workUnderWay(work);
		await deliver(user, before.slice(2));

		await queue.main.kill();
		const meanwhile = numbered('meanwhile', 3);
		await deliver(user, meanwhile);
		await restart(queue.main);
		const after = numbered('after', 2);
		await deliver(user, after);

		const all = [...before, ...meanwhile, ...after];
		const lines = await workWhenFinished(work, all);
		expect(finished(lines)).toEqual(all.sort());
		// Nobody worked twice at a mail either: the workers went on while the main was away.
		expect(lines.filter(({ phase }) => phase === 'start')).toHaveLength(all.length);
		const left = `select count(*) from execution_entity where "workflowId" = '${id}' and status <> 'success'`;
		expect(await queue.sql(left)).toEqual([['0']]);
	},
	TEST_MS,
);

test(
	'when a worker is killed at work, its mail is given again and finished once',
	async () => {
		const user = 'worker@example.test';
		const { work } = await activate(user, { workMs: 4_000, trigger: { startWith: 'all' } });
		await deliver(user, ['cut off']);
		const { worker } = await workUnderWay(work);
		await worker.kill();
		await deliver(user, ['after']);
		await restart(worker);

		const lines = await workWhenFinished(work, ['cut off', 'after']);
		expect(finished(lines)).toEqual(['after', 'cut off']);
		const passages = lines.filter(({ subject }) => subject === 'cut off');
		expect(passages.map(({ phase, attempt }) => `${phase} ${attempt}`)).toEqual([
			'start 1',
			'start 2',
			'end 2',
		]);
		expect(new Set(passages.map(({ deliveryId }) => deliveryId)).size).toBe(1);
	},
	TEST_MS,
);

test(
	'when a worker and the main are killed together, every mail is finished once',
	async () => {
		const user = 'both@example.test';
		const { work } = await activate(user, { workMs: 4_000, trigger: { startWith: 'all' } });
		await deliver(user, ['cut off']);
		const { worker } = await workUnderWay(work);
		await Promise.all([worker.kill(), queue.main.kill()]);
		await deliver(user, ['meanwhile']);
		await Promise.all([restart(worker), restart(queue.main)]);
		await deliver(user, ['after']);

		const lines = await workWhenFinished(work, ['cut off', 'meanwhile', 'after']);
		expect(finished(lines)).toEqual(['after', 'cut off', 'meanwhile']);
	},
	TEST_MS,
);

test(
	"a workflow that wipes the trigger's static data makes it lose and repeat nothing",
	async () => {
		const user = 'data@example.test';
		const { id, work } = await activate(user, {
			workMs: 200,
			keepsData: true,
			// Only n8n and the trigger know then what was taken: the server does not.
			trigger: { startWith: 'new', afterProcessing: 'nothing' },
		});
		await deliver(user, ['1', '2']);
		await workWhenFinished(work, ['1', '2']);
		const staticData = `select "staticData" from workflow_entity where id = '${id}'`;
		const [[stored = ''] = []] = await queue.sql(staticData);
		expect(JSON.parse(stored)).toEqual({ global: { executionId: expect.any(String) } });

		await queue.main.kill();
		await deliver(user, ['3']);
		await restart(queue.main);
		await deliver(user, ['4']);

		expect(finished(await workWhenFinished(work, ['1', '2', '3', '4']))).toEqual([
			'1',
			'2',
			'3',
			'4',
		]);
	},
	TEST_MS,
);
