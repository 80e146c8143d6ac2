import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { N8nInstallation } from '../../tools/n8n/install';
import { type N8nInstance, startN8n } from '../../tools/n8n/instance';
import { type Postgres, startPostgres } from './queue-postgres';
import { startRedis } from './queue-redis';
import type { QueueServer } from './queue-server';

export interface QueueOptions {
	readonly installation: N8nInstallation;
	/** Packed packages (`.tgz`), installed in the main and in every worker. */
	readonly packages: readonly string[];
	/** Gets user folders and logs, and stays; absent: a temporary one that goes. */
	readonly folder?: string;
	/** Default 2. */
	readonly workers?: number;
	/** Further settings of n8n, the same for the main and the workers. */
	readonly env?: Readonly<Record<string, string>>;
}

/** n8n in queue mode: a main with the triggers, workers with the executions, Redis and PostgreSQL between them. */
export interface N8nQueue {
	readonly main: N8nInstance;
	readonly workers: readonly N8nInstance[];
	readonly redis: QueueServer;
	readonly postgres: Postgres;
	/** Asks n8n's database; rows of text. */
	sql(query: string): Promise<string[][]>;
	/** Ends everything and removes what is temporary. */
	stop(): Promise<void>;
}

/** A worker that dies is noticed by the others within about 10 s, not after n8n's 106 s. */
const FAST_STALL_DETECTION = {
	QUEUE_WORKER_LOCK_DURATION: '3000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '1000',
	QUEUE_WORKER_STALLED_INTERVAL: '2000',
};

export async function startQueue(options: QueueOptions): Promise<N8nQueue> {
	const undo: Array<() => Promise<void>> = [];
	const stop = async (): Promise<void> => {
		const failures: unknown[] = [];
		// Last started, first stopped; a failure must not leave the rest running.
		for (const step of undo.splice(0).reverse()) {
			await step().catch((error: unknown) => failures.push(error));
		}
		if (failures.length > 0) throw new AggregateError(failures, 'Not everything could be stopped.');
	};
	const makeFolder = async (name: string): Promise<string> => {
		const folder = await mkdtemp(join(tmpdir(), `n8n-queue-${name}-`));
		undo.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
		return folder;
	};
	const keep = <T extends { stop(): Promise<void> }>(part: T): T => {
		undo.push(() => part.stop());
		return part;
	};

	try {
		// Another account owns this one, and could not pass through a private folder on the way to it.
		const postgres = keep(await startPostgres(await makeFolder('postgres')));
		const folder = options.folder ?? (await makeFolder('n8n'));
		const redis = keep(await startRedis(join(folder, 'redis')));
		const env = { ...toEnvironment(postgres, redis), ...FAST_STALL_DETECTION, ...options.env };
		const start = async (role: 'main' | 'worker', name: string): Promise<N8nInstance> => {
			const { installation, packages } = options;
			const userFolder = join(folder, name);
			return keep(await startN8n({ installation, packages, userFolder, role, env }));
		};
		// The main first: it creates the tables.
		const main = await start('main', 'main');
		const names = Array.from({ length: options.workers ?? 2 }, (_, index) => `worker-${index + 1}`);
		const workers = await allOf(names.map((name) => start('worker', name)));
		return { main, workers, redis, postgres, sql: postgres.sql, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}

/** Waits for all also when one fails: what still starts could not be stopped. */
async function allOf<T>(starting: ReadonlyArray<Promise<T>>): Promise<T[]> {
	await Promise.allSettled(starting);
	return await Promise.all(starting);
}

function toEnvironment(postgres: Postgres, redis: QueueServer): Record<string, string> {
	return {
		EXECUTIONS_MODE: 'queue',
		N8N_ENCRYPTION_KEY: randomBytes(16).toString('hex'),
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: '127.0.0.1',
		DB_POSTGRESDB_PORT: String(postgres.port),
		DB_POSTGRESDB_USER: postgres.user,
		DB_POSTGRESDB_PASSWORD: '',
		DB_POSTGRESDB_DATABASE: postgres.database,
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redis.port),
	};
}
