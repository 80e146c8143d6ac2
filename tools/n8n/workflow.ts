/** A workflow as n8n imports it. */

export interface WorkflowNode {
	readonly id: string;
	readonly name: string;
	/** `<package>.<node>` for nodes of packages. */
	readonly type: string;
	readonly typeVersion: number;
	readonly position: readonly [x: number, y: number];
	readonly parameters: Readonly<Record<string, unknown>>;
	/** By credential type. */
	readonly credentials?: Readonly<Record<string, CredentialReference>>;
	/** Retry On Fail, in the node's settings. */
	readonly retryOnFail?: boolean;
	readonly maxTries?: number;
	/** In ms. */
	readonly waitBetweenTries?: number;
	readonly onError?: 'continueRegularOutput' | 'continueErrorOutput';
}

export interface CredentialReference {
	readonly id: string;
	readonly name: string;
}

interface Connection {
	readonly node: string;
	readonly type: 'main';
	readonly index: number;
}

/** By the name of the node that gives, then by its outputs in order. */
export type Connections = Readonly<Record<string, { readonly main: readonly Connection[][] }>>;

export interface Workflow {
	readonly name: string;
	readonly nodes: readonly WorkflowNode[];
	readonly connections: Connections;
	readonly settings: { readonly executionOrder: 'v1' };
	/** By node name: in a manual run the node gives these items instead of working. */
	readonly pinData?: Readonly<Record<string, ReadonlyArray<{ readonly json: unknown }>>>;
}

/** Connections from each output of a node, in order, to the first input of the nodes named. */
export function connect(from: string, ...outputs: readonly (readonly string[])[]): Connections {
	const main = outputs.map((targets) =>
		targets.map((node): Connection => ({ node, type: 'main', index: 0 })),
	);
	return { [from]: { main } };
}
