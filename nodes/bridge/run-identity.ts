import { randomUUID } from 'node:crypto';
import type { IExecuteFunctions } from 'n8n-workflow';
import * as z from 'zod';

/** What a node's work on an item is known by when n8n tries the node again. */
export interface RunIdentity {
	/** Undefined where the host gives the execution no name. */
	keyOf(itemIndex: number): string | undefined;
	/** The run has done all its work: a further one is no second try of it. */
	complete(): void;
}

type Context = Pick<IExecuteFunctions, 'getExecutionId' | 'getNode' | 'getWorkflowDataProxy'>;

/**
 * Executions are numbered anew in every database, and a copied workflow keeps the ids of its nodes: without a part that
 * is new in every process, two instances would give two mails the same name, and the receiver would drop one.
 */
const PROCESS = randomUUID();

/** Runs whose completions are remembered. */
const RUNS = 10_000;

const completions = new Map<string, number>();

/**
 * n8n's Retry On Fail runs the whole node again with the same execution and run index; a loop, or an agent that uses
 * the node as a tool, gives it another index. Where a host does not, the completed runs are counted as well.
 */
export function openRunIdentity(context: Context): RunIdentity {
	const executionId = context.getExecutionId();
	if (!executionId) return { keyOf: () => undefined, complete: () => undefined };
	const runIndex = z.number().parse(context.getWorkflowDataProxy(0).$runIndex);
	const run = JSON.stringify([executionId, context.getNode().id, runIndex]);
	const completed = completions.get(run) ?? 0;
	return {
		keyOf: (itemIndex) => JSON.stringify([PROCESS, run, completed, itemIndex]),
		complete: () => {
			completions.delete(run);
			completions.set(run, completed + 1);
			if (completions.size > RUNS) forgetOldest();
		},
	};
}

function forgetOldest(): void {
	for (const run of completions.keys()) {
		completions.delete(run);
		return;
	}
}
