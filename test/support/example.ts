import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';
import { z } from 'zod';
import type { CredentialReference, Workflow, WorkflowNode } from '../../tools/n8n/workflow';

export const EXAMPLES = join(__dirname, '..', '..', 'examples');
export const PACKAGE = 'n8n-nodes-email-connectors.';

const node = z.strictObject({
	/** Values of JSON. */
	parameters: z.custom<INodeParameters>((value) => typeof value === 'object' && value !== null),
	type: z.string(),
	typeVersion: z.number(),
	position: z.tuple([z.number(), z.number()]),
	id: z.uuid(),
	name: z.string(),
	/** n8n gives one to every node that has webhooks. */
	webhookId: z.uuid().optional(),
});

const link = z.strictObject({ node: z.string(), type: z.literal('main'), index: z.literal(0) });

/** What n8n's editor downloads, without what belongs to one instance: ids of workflow and instance, credentials. */
const example = z.strictObject({
	name: z.string(),
	nodes: z.array(node),
	pinData: z.strictObject({}),
	connections: z.record(z.string(), z.strictObject({ main: z.array(z.array(link)) })),
	active: z.literal(false),
	settings: z.strictObject({ executionOrder: z.literal('v1') }),
	tags: z.tuple([]),
});
export type Example = z.infer<typeof example>;
export type ExampleNode = Example['nodes'][number];

/** The same as downloaded. */
const downloaded = example
	.extend({
		id: z.string(),
		versionId: z.string(),
		meta: z.looseObject({ instanceId: z.string() }),
		/** Since n8n 2.41; empty. */
		nodeGroups: z.tuple([]).optional(),
		settings: z.strictObject({
			executionOrder: z.literal('v1'),
			binaryMode: z.literal('separate').optional(),
		}),
	})
	.transform(
		({ id: _id, versionId: _version, meta: _meta, nodeGroups: _groups, ...rest }): Example => ({
			...rest,
			settings: { executionOrder: rest.settings.executionOrder },
		}),
	);

const routed = z.looseObject({
	routes: z.looseObject({ route: z.array(z.looseObject({ name: z.string() })) }),
});

/** Names of the files of `examples/`, without `.json`. */
export function exampleNames(): string[] {
	const files = readdirSync(EXAMPLES).filter((file) => file.endsWith('.json'));
	return files.map((file) => file.slice(0, -'.json'.length)).sort();
}

export function exampleSource(name: string): string {
	return readFileSync(join(EXAMPLES, `${name}.json`), 'utf8');
}

/** Throws where the file is not what n8n's editor downloads. */
export function readExample(name: string): Example {
	return example.parse(JSON.parse(exampleSource(name)));
}

/** A download, without what belongs to the instance that it comes from. */
export function parseExample(source: string): Example {
	return downloaded.parse(JSON.parse(source));
}

export function triggerOf({ nodes }: Example): ExampleNode {
	const [trigger, ...others] = nodes.filter(({ type }) => type === `${PACKAGE}emailTrigger`);
	if (trigger === undefined || others.length > 0) throw new Error('An example has one trigger');
	return trigger;
}

/** Names of the trigger's outputs, in their order. */
export function outputsOf(workflow: Example): string[] {
	const { routes } = routed.parse(triggerOf(workflow).parameters);
	return [...routes.route.map(({ name }) => name), 'Fallback', 'Error'];
}

/** As after the user's choice of the connector, which n8n makes for all nodes of its kind. */
export function withConnector(
	{ nodes, ...rest }: Example,
	connector: CredentialReference,
): Workflow {
	const chosen = nodes.map((each): WorkflowNode => {
		if (!each.type.startsWith(PACKAGE)) return each;
		return { ...each, credentials: { smtpImapApi: connector } };
	});
	return { ...rest, nodes: chosen };
}
