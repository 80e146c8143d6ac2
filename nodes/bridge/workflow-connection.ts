import type { ITriggerFunctions } from 'n8n-workflow';
import * as z from 'zod';
import type { OutputTarget } from '../../mail/routing/output-shift';

/** What the outputs of a node are connected to, by position. */
export interface Wiring {
	readonly targets: ReadonlyArray<readonly OutputTarget[]>;
	/** n8n's object of the workflow: one for all tries of an activation, another for the next. */
	readonly activation: object;
}

const connection = z.object({ node: z.string(), type: z.string(), index: z.number() });

const outputs = z.object({ main: z.array(z.array(connection).nullish()).optional() }).optional();

const workflowSchema = z.object({
	connectionsBySourceNode: z.record(z.string(), z.unknown()),
	nodes: z.record(z.string(), z.object({ id: z.string() })),
});

const contextSchema = z.object({ workflow: z.custom<object>(isObject) });

/**
 * Reads the connections of the node that runs. n8n gives triggers no call for it, only the names of the nodes behind
 * them; but its contexts hold the workflow (seen up to 2.41). It is no official interface: this
 * file alone knows it, and where it is not as expected, the answer is undefined. Reads only; never throws.
 */
export function readWiring(context: Pick<ITriggerFunctions, 'getNode'>): Wiring | undefined {
	const found = contextSchema.safeParse(context);
	if (!found.success) return undefined;
	const activation = found.data.workflow;
	const workflow = workflowSchema.safeParse(activation);
	if (!workflow.success) return undefined;
	const { connectionsBySourceNode, nodes } = workflow.data;
	const own = outputs.safeParse(connectionsBySourceNode[context.getNode().name]);
	if (!own.success) return undefined;
	const targets = (own.data?.main ?? []).map((connections) =>
		(connections ?? []).map(({ node, index }): OutputTarget => ({
			nodeId: nodes[node]?.id ?? node,
			nodeName: node,
			input: index,
		})),
	);
	return { targets, activation };
}

function isObject(value: unknown): boolean {
	return typeof value === 'object' && value !== null;
}
