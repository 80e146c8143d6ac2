import { stringify } from 'flatted';
import { itemsOf, toExecutionResult } from '../../../tools/n8n/execution-data';

const main = (...outputs: unknown[]): unknown => ({
	startTime: 1,
	executionStatus: 'success',
	data: { main: outputs },
});

const toData = (runData: unknown, error?: unknown): string =>
	stringify({ version: 1, resultData: { runData, error } });

test('items are found by node and output, over all runs of the node', () => {
	const first = main([{ json: { n: 1 } }], []);
	const second = main(null, [{ json: { n: 2 }, pairedItem: { item: 0 } }]);

	const result = toExecutionResult(toData({ Trigger: [first, second] }));

	expect(itemsOf(result, 'Trigger', 0)).toEqual([{ json: { n: 1 } }]);
	expect(itemsOf(result, 'Trigger', 1)).toEqual([{ json: { n: 2 }, pairedItem: { item: 0 } }]);
	expect(itemsOf(result, 'Trigger', 7)).toEqual([]);
	expect(itemsOf(result, 'Other')).toEqual([]);
	expect(result.error).toBeUndefined();
});

test('strings that look like references stay strings', () => {
	const result = toExecutionResult(toData({ Node: [main([{ json: { text: '1', same: '1' } }])] }));

	expect(itemsOf(result, 'Node')).toEqual([{ json: { text: '1', same: '1' } }]);
});

test('errors come with their description, of the node and of the whole', () => {
	const error = { message: 'It failed', description: 'Do this.', node: { name: 'x' } };
	const run = { executionStatus: 'error', error };

	const result = toExecutionResult(toData({ Node: [run] }, error));

	expect(result.error).toBe('It failed Do this.');
	expect(result.nodes.get('Node')).toEqual([
		{ status: 'error', outputs: [], error: 'It failed Do this.' },
	]);
});

test('data of an unknown shape is refused', () => {
	expect(() => toExecutionResult('[{"version":1}]')).toThrow('resultData');
});
