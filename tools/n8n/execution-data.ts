import { parse } from 'flatted';
import { z } from 'zod';

const item = z.object({
	json: z.record(z.string(), z.unknown()),
	binary: z
		.record(z.string(), z.looseObject({ mimeType: z.string(), data: z.string() }))
		.optional(),
	pairedItem: z.unknown().optional(),
	error: z.unknown().optional(),
});
/** One item as a node gave it. */
export type ExecutionItem = z.infer<typeof item>;

const failure = z.looseObject({
	message: z.string(),
	description: z.string().nullish(),
});

const nodeRun = z.object({
	executionStatus: z.string().optional(),
	error: failure.optional(),
	data: z.object({ main: z.array(z.array(item).nullable()).optional() }).optional(),
});

const runData = z.object({
	resultData: z.object({
		runData: z.record(z.string(), z.array(nodeRun)).default({}),
		error: failure.optional(),
	}),
});

/** What one node did in one of its runs. */
export interface NodeRun {
	readonly status: string;
	/** Items per output, in the order of the outputs; empty where an output gave none. */
	readonly outputs: readonly (readonly ExecutionItem[])[];
	/** Message and description of the error that ended the node. */
	readonly error?: string;
}

export interface ExecutionResult {
	/** By node name; nodes that did not run are absent. */
	readonly nodes: ReadonlyMap<string, readonly NodeRun[]>;
	readonly error?: string;
}

/**
 * Decodes the data of a stored execution. n8n keeps it as `flatted` JSON: one flat array in which every value
 * that is not a number, boolean or null is a string with the index of what it stands for.
 */
export function toExecutionResult(data: string): ExecutionResult {
	const { resultData } = runData.parse(parse(data));
	const nodes = new Map<string, NodeRun[]>();
	for (const [name, runs] of Object.entries(resultData.runData))
		nodes.set(name, runs.map(toNodeRun));
	return { nodes, error: toErrorText(resultData.error) };
}

/** All items that a node gave at one of its outputs. */
export function itemsOf(result: ExecutionResult, node: string, output = 0): ExecutionItem[] {
	return (result.nodes.get(node) ?? []).flatMap((run) => run.outputs[output] ?? []);
}

function toNodeRun(run: z.infer<typeof nodeRun>): NodeRun {
	return {
		status: run.executionStatus ?? '',
		outputs: (run.data?.main ?? []).map((items) => items ?? []),
		error: toErrorText(run.error),
	};
}

function toErrorText(error: z.infer<typeof failure> | undefined): string | undefined {
	if (error === undefined) return undefined;
	return [error.message, error.description ?? ''].filter((part) => part !== '').join(' ');
}
