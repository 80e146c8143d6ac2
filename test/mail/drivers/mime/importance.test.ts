import { toImportance } from '../../../../mail/drivers/mime/importance';

const importance = (...fields: Array<[string, string]>) =>
	toImportance(new Map(fields.map(([name, value]) => [name, [value]])));

describe('toImportance', () => {
	it.each([
		['importance', 'High', 'high'],
		['importance', 'low', 'low'],
		['importance', 'normal', 'normal'],
		['x-priority', '1', 'high'],
		['x-priority', '2 (High)', 'high'],
		['x-priority', '3 (Normal)', 'normal'],
		['x-priority', '5', 'low'],
		['x-priority', '17', 'normal'],
		['x-msmail-priority', 'High', 'high'],
		['priority', 'urgent', 'high'],
		['priority', 'non-urgent', 'low'],
		['priority', 'constructor', 'normal'],
	] as const)('%s: %s is %s', (name, value, expected) => {
		expect(importance([name, value])).toBe(expected);
	});

	it('is normal where nothing is said', () => {
		expect(importance()).toBe('normal');
	});

	it('believes the first that says something, in a fixed order', () => {
		expect(importance(['x-priority', '1'], ['importance', 'low'])).toBe('low');
		expect(importance(['priority', 'urgent'], ['x-priority', 'what?'])).toBe('high');
	});
});
