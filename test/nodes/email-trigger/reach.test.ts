import fc from 'fast-check';
import { type INode, type INodeTypes, Workflow } from 'n8n-workflow';
import { findUnreachable } from '../../../mail/routing/reach';
import { ruleFieldTexts } from '../../../mail/routing/rule-field-text';
import { findUnreachableText } from '../../../nodes/EmailTrigger/description/reach';
import { EmailTrigger } from '../../../nodes/EmailTrigger/EmailTrigger.node';
import { readSettings } from '../../../nodes/EmailTrigger/settings';

const trigger = new EmailTrigger();

type Context = Parameters<typeof readSettings>[0];
type NodeParameters = Readonly<Record<string, unknown>>;

/** What n8n makes of the expression, in the editor too. */
function unreachableInEditor(parameters: NodeParameters): unknown {
	const node = {
		id: '1',
		name: 'Email Trigger',
		type: 'emailTrigger',
		typeVersion: 1,
		position: [0, 0],
		parameters,
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
	const expression = `={{ ${findUnreachableText}($parameter) }}`;
	return workflow.expression.getSimpleParameterValue(node, expression, 'internal', {});
}

function unreachableInEngine(parameters: NodeParameters): number[] {
	const { routing } = readSettings({
		getNodeParameter: (name: string, fallback?: unknown) =>
			(parameters[name] ?? fallback) as object,
		getTimezone: () => 'UTC',
	} as unknown as Context);
	return findUnreachable(routing).map(({ index }) => index);
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const names = fc.subarray(['Contoso', 'A;B', '"C"']);
const list = fc.constantFrom('', 'a@b.test', 'A@B.test; c@d.test', ' ;c@d.test', 'Straße@İ.test');

const rule = fc.record(
	{
		field: fc.constantFrom(...ruleFieldTexts.map(({ field }) => field)),
		operator: fc.constantFrom('contains', 'is', 'matches', 'visible', 'to', 'larger', undefined),
		value: fc.constantFrom('invoice', 'Contoso', '10', undefined),
		choices: maybe(fc.subarray(['bounce', 'reply'])),
		companies: maybe(fc.oneof(names, fc.constantFrom('Contoso', 'Contoso;A'))),
		header: fc.constantFrom('X-A', ' x-a ', undefined),
		negate: maybe(fc.boolean()),
	},
	{ requiredKeys: [] },
);

const parameters = fc.array(rule, { minLength: 1, maxLength: 3 }).chain((pool) =>
	fc.record(
		{
			routingMode: fc.constantFrom('first', 'first', 'first', 'every', undefined),
			routes: fc.record({
				route: fc.array(
					fc.record(
						{
							name: fc.constantFrom('A', 'B'),
							enabled: fc.constantFrom(true, true, false, undefined),
							runsIn: fc.constantFrom('both', 'live', 'test', undefined),
							priority: fc.constantFrom(1, 100, 200, undefined),
							recipientAddress: list,
							match: fc.constantFrom('all', 'any', undefined),
							rules: fc.record({ rule: fc.subarray(pool) }, { requiredKeys: [] }),
						},
						{ requiredKeys: [] },
					),
					{ maxLength: 5 },
				),
			}),
		},
		{ requiredKeys: [] },
	),
);

/** As n8n keeps parameters: what is undefined is not there. */
const stored = (value: NodeParameters): NodeParameters =>
	JSON.parse(JSON.stringify(value)) as NodeParameters;

describe('The expression that the editor computes warnings with', () => {
	test('names the same routes as the engine, for all routes', () => {
		let withWarning = 0;
		fc.assert(
			fc.property(parameters.map(stored), (given) => {
				const expected = unreachableInEngine(given);
				if (expected.length > 0) withWarning++;
				expect(unreachableInEditor(given)).toEqual(expected);
			}),
			{ numRuns: 1000 },
		);
		expect(withWarning).toBeGreaterThan(50);
	});

	test('does not mind what was typed for another kind of rule', () => {
		const kinds = ['calendar', 'calendar'].map((field, index) => ({
			rules: { rule: [{ field, choices: ['reply'], ...(index === 0 ? { header: 'X-A' } : {}) }] },
		}));
		const given = { routes: { route: kinds } };
		expect(unreachableInEditor(given)).toEqual([1]);
		expect(unreachableInEngine(given)).toEqual([1]);
	});

	test.each([
		[{}],
		[{ routes: {} }],
		[{ routes: { route: [{}] } }],
		[{ routes: { route: [{ recipientAddress: 5, rules: { rule: [{ choices: 5 }] } }] } }],
	])('says nothing, and does not fail, of %j', (given) => {
		expect(unreachableInEditor(given)).toEqual([]);
	});

	test('is short work for as many routes as fit on a canvas, and says nothing of more', () => {
		const route = { recipientAddress: 'a@b.test' };
		const routes = (count: number) => ({ routes: { route: Array(count).fill(route) } });
		expect(unreachableInEditor(routes(100))).toHaveLength(99);
		expect(unreachableInEditor(routes(101))).toEqual([]);
	});

	test('has nothing inside that would end an expression of n8n', () => {
		expect(findUnreachableText).not.toMatch(/\{\{|\}\}/);
	});
});
