import type { IDataObject, ITriggerFunctions } from 'n8n-workflow';
import * as z from 'zod';
import type { Checkpoint, CheckpointStore } from '../../mail/inbox/checkpoint';

const uid = z.number().int().nonnegative();

const storedCheckpoint = z.object({
	uidValidity: z.string(),
	frontier: uid,
	open: z.array(z.tuple([uid, uid])),
	given: z.array(z.tuple([uid, z.number().int().positive()])),
	executions: z.array(z.tuple([z.string(), z.array(uid)])),
	newestReceivedAt: z.number(),
});

const stored = z.object({ startedAt: z.number(), checkpoint: storedCheckpoint.optional() });

/** What tells this folder of this trigger from all others; survives renaming the node and editing its options. */
export interface WatchKey {
	readonly nodeId: string;
	readonly account: string;
	readonly folder: string;
}

export function toWatchKey({ nodeId, account, folder }: WatchKey): string {
	return `emailTrigger ${nodeId} ${account} ${folder}`;
}

/** What all keys of a node begin with. Ids of nodes have no spaces. */
function toNodePrefix(key: string): string {
	const [kind, nodeId] = key.split(' ');
	return `${kind} ${nodeId} `;
}

/**
 * Keeps the checkpoint in the workflow's static data, under a key of its own: n8n's per-node data are keyed by the
 * node's name and lost when it is renamed. n8n writes static data at the end of an activation and with each
 * execution that the trigger starts; what it finds malformed counts as absent, which means looking again.
 */
export function createCheckpointStore(context: ITriggerFunctions, key: string): CheckpointStore {
	const staticData: IDataObject = context.getWorkflowStaticData('global');
	const parsed = stored.safeParse(staticData[key]);
	const activation = context.getActivationMode();
	const isRestart = activation === 'init' || activation === 'leadershipChange';
	// The node's data are there, but of another account or folder: the connector was changed, nothing was wiped.
	const isNewPlace =
		staticData[key] === undefined &&
		Object.keys(staticData).some((other) => other.startsWith(toNodePrefix(key)));
	const startedAt = parsed.success ? parsed.data.startedAt : Date.now();
	let checkpoint: Checkpoint | undefined = parsed.success ? parsed.data.checkpoint : undefined;

	const write = () => {
		// Assigned whole: n8n notices changes of the first level only.
		staticData[key] = JSON.parse(JSON.stringify({ startedAt, checkpoint }));
	};
	if (!parsed.success) write();

	return {
		startedAt,
		lost: isRestart && !parsed.success && !isNewPlace,
		load: () => checkpoint,
		save(next: Checkpoint) {
			checkpoint = next;
			write();
		},
	};
}
