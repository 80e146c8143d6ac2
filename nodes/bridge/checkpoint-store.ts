import type { IDataObject, ITriggerFunctions } from 'n8n-workflow';
import type { Checkpoint, CheckpointStore } from '../../mail/inbox/checkpoint';
import { newerOf, parseStored, toSmall } from './checkpoint-data';
import type { Journal } from './journal';

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
 * Keeps the checkpoint twice. The journal is the durable step: it is written before an execution is asked for. The
 * workflow's static data travel with n8n's database, to another host or a new leader; n8n writes them at the end of an
 * activation and with each execution that the trigger starts. The copy with the higher revision counts.
 *
 * Static data under a key of our own: n8n's per-node data are keyed by the node's name and lost when it is renamed.
 */
export function createCheckpointStore(
	context: ITriggerFunctions,
	key: string,
	journal: Journal,
): CheckpointStore {
	const staticData: IDataObject = context.getWorkflowStaticData('global');
	const found = newerOf(parseStored(journal.read()), parseStored(staticData[key]));
	const activation = context.getActivationMode();
	const isRestart = activation === 'init' || activation === 'leadershipChange';
	// The node's data are there, but of another account or folder: the connector was changed, nothing was wiped.
	const isNewPlace =
		staticData[key] === undefined &&
		Object.keys(staticData).some((other) => other.startsWith(toNodePrefix(key)));
	const startedAt = found?.startedAt ?? Date.now();
	let checkpoint = found?.checkpoint;

	const write = async () => {
		const full = { startedAt, checkpoint };
		// Assigned whole: n8n notices changes of the first level only. Each checkpoint is made anew, so none is shared.
		staticData[key] = toSmall(full);
		await journal.write(full);
	};
	if (found === undefined) void write();

	return {
		startedAt,
		lost: isRestart && found === undefined && !isNewPlace,
		load: () => checkpoint,
		async save(next: Checkpoint) {
			checkpoint = next;
			await write();
		},
	};
}
