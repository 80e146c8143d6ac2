import type { IDataObject, ITriggerFunctions } from 'n8n-workflow';
import * as z from 'zod';
import type { ConnectedOutput } from '../../mail/routing/output-shift';
import type { Journal } from './journal';

const output = z.object({
	key: z.string(),
	name: z.string(),
	targets: z.array(z.object({ nodeId: z.string(), nodeName: z.string(), input: z.number() })),
});

const schema = z.object({
	revision: z.number().int().nonnegative(),
	accepted: z.array(output),
	refused: z.array(output).optional(),
});

/** What is remembered of a node's outputs. */
export interface OutputNote {
	/** With which the workflow last ran. */
	readonly accepted: readonly ConnectedOutput[];
	/** With which it was to be published, and was not. */
	readonly refused?: readonly ConnectedOutput[];
}

export interface OutputNotes {
	read(): OutputNote | undefined;
	/** Resolves when a killed process would find it again. */
	write(note: OutputNote): Promise<void>;
}

/**
 * Kept twice, like the checkpoint: n8n does not always save static data when an activation fails, and they travel with
 * its database to another host. The copy with the higher revision counts. The key is of its own kind: the checkpoint store takes
 * all that begins with its own for checkpoints.
 */
export function createOutputNotes(
	context: Pick<ITriggerFunctions, 'getNode' | 'getWorkflowStaticData'>,
	journal: Journal,
): OutputNotes {
	const staticData: IDataObject = context.getWorkflowStaticData('global');
	const key = `emailTriggerOutputs ${context.getNode().id}`;
	const found = [journal.read(), staticData[key]]
		.map((copy) => schema.safeParse(copy).data)
		.filter((copy) => copy !== undefined)
		.sort((one, other) => other.revision - one.revision)[0];
	let revision = found?.revision ?? 0;
	return {
		read: () => found,
		async write({ accepted, refused }) {
			revision++;
			const copy = schema.parse({ revision, accepted, refused });
			staticData[key] = copy;
			await journal.write(copy);
		},
	};
}
