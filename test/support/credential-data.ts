import {
	type ICredentialDataDecryptedObject,
	type INode,
	type INodeParameters,
	type INodeProperties,
	NodeHelpers,
	Workflow,
} from 'n8n-workflow';

const node: INode = {
	id: 'node',
	name: 'Node',
	type: 'mock',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

/** Whose expressions n8n works out as it does those of credentials. */
const workflow = new Workflow({
	nodes: [node],
	connections: {},
	active: false,
	nodeTypes: {
		getByName: () => ({ description: { properties: [] } }) as never,
		getByNameAndVersion: () => ({ description: { properties: [] } }) as never,
		getKnownTypes: () => ({}),
	},
});

/**
 * What n8n gives to nodes of the values in a credential's form: visible fields, with their defaults, and hidden ones with
 * their expressions worked out.
 */
export function toGivenData(
	properties: INodeProperties[],
	values: INodeParameters,
): Record<string, unknown> {
	const shown = NodeHelpers.getNodeParameters(properties, values, true, false, null, null) ?? {};
	const worked = workflow.expression.getComplexParameterValue(
		node,
		shown,
		'internal',
		{},
		undefined,
		undefined,
		shown as ICredentialDataDecryptedObject,
	);
	return { ...(worked as object) };
}
