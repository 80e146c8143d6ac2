import { rm } from 'node:fs/promises';
import path from 'node:path';
import { type QueueOptions, startQueue } from '../test/support/queue';
import type { N8nInstance } from '../tools/n8n/instance';
import type { Execution } from './evidence';
import { createRandom, drawFrom } from './random';

/** n8n in queue mode in the place of a single n8n. */
export interface QueueHost {
	/** Main and workers as one: a kill hits the main, a worker, or both; a restart brings back what is down. */
	readonly instance: N8nInstance;
	/** From n8n's database, also while the main is down. */
	readExecutions(workflowId: string): Promise<Execution[]>;
	close(): Promise<void>;
}

/** Whom a kill hits. The workers are drawn as often as the main: mail is under way in both. */
const victims = ['main', 'worker', 'main', 'worker', 'both'] as const;

export async function openQueue(seed: number, options: QueueOptions): Promise<QueueHost> {
	const queue = await startQueue(options);
	const random = createRandom(seed, 'victims');
	const draw = drawFrom(random, victims);
	const { main, workers } = queue;

	const toVictims = (): N8nInstance[] => {
		const victim = draw.next().value;
		const worker = workers[random.integer(0, workers.length - 1)];
		const hit = victim === 'main' ? [main] : victim === 'worker' ? [worker] : [main, worker];
		return hit.filter((each) => each !== undefined);
	};
	const everybody = [main, ...workers];
	let down: N8nInstance[] = [];

	const instance: N8nInstance = {
		url: main.url,
		userFolder: main.userFolder,
		logFile: main.logFile,
		get pid() {
			return main.pid;
		},
		get ended() {
			return main.ended;
		},
		async stop() {
			down = everybody;
			// The main first: it would see its workers' going as a fault.
			for (const each of everybody) await each.stop();
		},
		async kill() {
			down = toVictims();
			await Promise.all(down.map((each) => each.kill()));
		},
		async restart() {
			const returning = down.length > 0 ? down : everybody;
			await Promise.all(returning.map(restart));
			down = [];
		},
	};
	return {
		instance,
		async readExecutions(workflowId) {
			const rows = await queue.sql(
				`select id, status, extract(epoch from "createdAt") * 1000 from execution_entity
				where "workflowId" = '${workflowId}'`,
			);
			return rows.map(([id = '', status = '', createdAt = '']) => ({
				id,
				status,
				createdAt: Number(createdAt),
			}));
		},
		close: () => queue.stop(),
	};
}

async function restart(instance: N8nInstance): Promise<void> {
	// As after the kill of a single n8n: with this file n8n would wait ten seconds.
	await rm(path.join(instance.userFolder, '.n8n', 'crash.journal'), { force: true });
	await instance.restart();
}
