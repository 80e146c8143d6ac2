import * as z from 'zod';
import type { Checkpoint } from '../../mail/inbox/checkpoint';

const uid = z.number().int().nonnegative();
const count = z.number().int().nonnegative();

const mail = z.object({
	uid,
	phase: z.enum(['due', 'reading', 'given', 'ended']),
	attempts: count,
	faults: count,
	losses: count,
	digest: z.string().optional(),
	deliveryId: z.string().optional(),
});

const checkpoint = z.object({
	revision: count,
	uidValidity: z.string(),
	frontier: uid,
	open: z.array(z.tuple([uid, uid])),
	mails: z.array(mail),
	executions: z.array(z.tuple([z.string(), z.array(uid)])),
	newestReceivedAt: z.number(),
	finished: z.array(z.string()),
	driverMemory: z.unknown().optional(),
}) satisfies z.ZodType<Checkpoint>;

const stored = z.object({ startedAt: z.number(), checkpoint: checkpoint.optional() });

/** One folder's memory as it is written; plain JSON. */
export interface StoredCheckpoint {
	readonly startedAt: number;
	readonly checkpoint?: Checkpoint;
}

/** What is malformed counts as absent, which means looking again. */
export function parseStored(data: unknown): StoredCheckpoint | undefined {
	const result = stored.safeParse(data);
	return result.success ? result.data : undefined;
}

/** Of two copies the one that knows more. */
export function newerOf(
	one: StoredCheckpoint | undefined,
	other: StoredCheckpoint | undefined,
): StoredCheckpoint | undefined {
	if (one === undefined || other === undefined) return one ?? other;
	const revision = (copy: StoredCheckpoint) => copy.checkpoint?.revision ?? -1;
	return revision(other) > revision(one) ? other : one;
}

/** What of `finished` goes into n8n's database with each execution; the journal holds all. */
const SMALL_FINISHED = 100;

/** A driver's memory above this, in characters, is left to the journal. */
const SMALL_MEMORY = 64 * 1024;

/** The same without what would burden n8n's database. */
export function toSmall({ startedAt, checkpoint: full }: StoredCheckpoint): StoredCheckpoint {
	if (full === undefined) return { startedAt };
	const { driverMemory, finished, ...rest } = full;
	const isSmall = (JSON.stringify(driverMemory) ?? '').length <= SMALL_MEMORY;
	return {
		startedAt,
		checkpoint: {
			...rest,
			finished: finished.slice(-SMALL_FINISHED),
			...(isSmall ? { driverMemory } : {}),
		},
	};
}
