import * as z from 'zod';
import type { ExecutionRecords, ExecutionState } from '../../mail/inbox/delivery';
import { EXECUTION_RECORD_MS } from '../../mail/limits';
import type { Log } from '../../mail/ports';
import {
	findContainer,
	hasMethod,
	type LoadFromHost,
	loadFromHost,
	propertyOf,
} from './host-program';

/** The part of n8n's repository of executions that is used here; TypeORM's. */
interface Repository {
	readonly metadata: { findColumnWithPropertyName(name: string): unknown };
	findOne(options: Readonly<Record<string, unknown>>): Promise<unknown>;
	/** With its data, where they are kept in the database; otherwise it throws. */
	findSingleExecution(id: string, options: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/**
 * Looks executions up in n8n's database by their deduplication key. n8n gives triggers no call for it, but after a
 * crash nothing else tells whether an execution has run, or still runs on a worker. Where the host has no such key
 * (before 2.20) or is put together in another way, all is `unknown`. Reads only; never throws.
 */
export function createExecutionRecords(log: Log, load = loadFromHost): ExecutionRecords {
	let repository: Repository | undefined;
	let isMissing = false;

	return {
		async find(key) {
			if (isMissing) return 'unknown';
			try {
				repository ??= findRepository(load);
			} catch (error) {
				isMissing = true;
				log.debug(`The executions of this n8n cannot be looked up: ${toText(error)}`);
				return 'unknown';
			}
			try {
				return await withDeadline(readState(repository, key));
			} catch (error) {
				log.debug(`An execution could not be looked up: ${toText(error)}`);
				return 'unknown';
			}
		},
	};
}

function findRepository(load: LoadFromHost): Repository {
	const container = findContainer(load);
	const { ExecutionRepository } = database.parse(load('@n8n/db'));
	const repository = repositorySchema.parse(container.get(ExecutionRepository));
	const column = repository.metadata.findColumnWithPropertyName('deduplicationKey');
	if (column === undefined) throw new Error('they have no deduplication key');
	return repository;
}

const database = z.object({ ExecutionRepository: z.custom((value) => value !== undefined) });

const repositorySchema = z.custom<Repository>(
	(value) =>
		hasMethod(value, 'findOne') &&
		hasMethod(value, 'findSingleExecution') &&
		hasMethod(propertyOf(value, 'metadata'), 'findColumnWithPropertyName'),
);

const record = z.object({ id: z.string(), status: z.string(), deletedAt: z.date().nullish() });

/** n8n's word for the state of an execution, and what it says about the mails that were given to it. */
const states: ReadonlyMap<string, ExecutionState> = new Map([
	['new', 'underWay'],
	['running', 'underWay'],
	['unknown', 'underWay'],
	['success', 'finished'],
	// The workflow waits because it wants to; it has taken the mails.
	['waiting', 'finished'],
	// Somebody has stopped it, or the time limit that somebody has set.
	['canceled', 'finished'],
	['error', 'failed'],
	// Its process died.
	['crashed', 'interrupted'],
]);

async function readState(repository: Repository, key: string): Promise<ExecutionState> {
	const found = await repository.findOne({
		where: { deduplicationKey: key },
		select: ['id', 'status', 'deletedAt'],
		// Pruned executions keep their key until they are deleted for good.
		withDeleted: true,
	});
	if (found === null) return 'absent';
	const { id, status, deletedAt } = record.parse(found);
	const state = states.get(status) ?? 'unknown';
	// Where executions are not to be saved, n8n prunes them when they end and leaves `running` in the record.
	if (state === 'underWay' && deletedAt instanceof Date) return 'finished';
	return state === 'failed' && (await neverReachedANode(repository, id)) ? 'interrupted' : state;
}

const runData = z.object({
	data: z.object({
		resultData: z.object({
			lastNodeExecuted: z.string().optional(),
			runData: z.record(z.string(), z.unknown()).optional(),
		}),
	}),
});

/**
 * When a worker dies, or the queue refuses a job, n8n itself notes the execution as failed. The record is the same as
 * that of a workflow's own failure; but its data know of no node.
 */
async function neverReachedANode(repository: Repository, id: string): Promise<boolean> {
	const options = { includeData: true, unflattenData: true };
	const parsed = runData.safeParse(await repository.findSingleExecution(id, options));
	if (!parsed.success) return false;
	const { lastNodeExecuted, runData: nodes = {} } = parsed.data.data.resultData;
	return lastNodeExecuted === undefined && Object.keys(nodes).length === 0;
}

async function withDeadline<T>(work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined;
	const deadline = new Promise<never>((_resolve, reject) => {
		timer = setTimeout(
			() => reject(new Error(`no answer within ${EXECUTION_RECORD_MS / 1000} s`)),
			EXECUTION_RECORD_MS,
		);
		timer.unref();
	});
	return await Promise.race([work, deadline]).finally(() => clearTimeout(timer));
}

function toText(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
