import { type INode, type INodeTypes, NodeHelpers, Workflow } from 'n8n-workflow';
import { EmailTrigger } from '../../../nodes/EmailTrigger/EmailTrigger.node';

const trigger = new EmailTrigger();

/** What n8n and its editor make of the node's outputs expression. */
function outputNames(routes: unknown): string[] {
	const node = {
		id: '1',
		name: 'Email Trigger',
		type: 'emailTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters: { routes },
	} as unknown as INode;
	const nodeTypes = {
		getByName: () => trigger,
		getByNameAndVersion: () => trigger,
		getKnownTypes: () => ({}),
	} as unknown as INodeTypes;
	const workflow = new Workflow({
		id: '1',
		nodes: [node],
		connections: {},
		active: false,
		nodeTypes,
	});
	return NodeHelpers.getNodeOutputs(workflow, node, trigger.description).map((output) =>
		typeof output === 'string' ? output : (output.displayName ?? ''),
	);
}

describe("the trigger's outputs", () => {
	it('are the fallback and the error output without routes', () => {
		expect(outputNames({})).toEqual(['Fallback', 'Error']);
	});

	it('bear the names of the routes in their order, then the fallback, then the error output', () => {
		expect(outputNames({ route: [{ name: 'Invoices' }, { name: 'VIP' }] })).toEqual([
			'Invoices',
			'VIP',
			'Fallback',
			'Error',
		]);
	});

	it('keep the output of a route that is off, so that the others stay where they are', () => {
		expect(outputNames({ route: [{ name: 'A', enabled: false }, { name: 'B' }] })).toEqual([
			'A (off)',
			'B',
			'Fallback',
			'Error',
		]);
	});

	it('name a route that has no name yet by its number', () => {
		expect(outputNames({ route: [{ name: '' }] })).toEqual(['Route 1', 'Fallback', 'Error']);
	});

	it('name a route that an earlier one leaves nothing for', () => {
		const rules = { rule: [{ field: 'subject', value: 'invoice' }] };
		const route = [
			{ name: 'A', rules },
			{ name: 'B', rules },
			{ name: 'C', rules, priority: 1 },
		];
		expect(outputNames({ route })).toEqual(['⚠ A', '⚠ B', 'C', 'Fallback', 'Error']);
	});
});
