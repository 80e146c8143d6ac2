import { toAccount } from '../../chaos/account';
import type { Evidence, RecordLine } from '../../chaos/evidence';

/** Mails delivered one ms after another, from 1 on. */
function evidence(changes: Partial<Evidence> & { ids?: string[] }): Evidence {
	const { ids = ['a', 'b'], ...rest } = changes;
	return {
		delivered: ids.map((id, index) => ({ id, at: index + 1, isPoison: false })),
		records: [],
		executions: [],
		kills: [],
		rebuilds: [],
		outages: [],
		startedAt: 0,
		endedAt: 1_000_000,
		...rest,
	};
}

function lines(executionId: string, ids: string[], start: number, end?: number): RecordLine[] {
	const at = (phase: RecordLine['phase'], t: number): RecordLine[] =>
		ids.map((id) => ({ t, phase, id, executionId, deliveryId: `d-${id}`, attempt: 1 }));
	return [...at('start', start), ...(end === undefined ? [] : at('end', end))];
}

const row = (id: string, status: string, createdAt = 0) => ({ id, status, createdAt });

describe('the account of a fault run', () => {
	it('finds nothing wrong where each mail was in one execution that succeeded', () => {
		const account = toAccount(
			evidence({
				records: [...lines('1', ['a'], 10, 20), ...lines('2', ['b'], 11, 21)],
				executions: [row('1', 'success'), row('2', 'success')],
			}),
		);
		expect(account).toMatchObject({
			sent: 2,
			lost: [],
			givenTwice: [],
			outOfOrder: [],
			executions: 2,
		});
	});

	it('counts a mail as lost whose only execution crashed, even at its very end', () => {
		const account = toAccount(
			evidence({
				records: [...lines('1', ['a'], 10, 20), ...lines('2', ['b'], 11)],
				executions: [row('1', 'crashed'), row('2', 'crashed')],
			}),
		);
		expect(account.lost).toEqual(['a', 'b']);
	});

	it('counts a mail as handled where the workflow itself failed, and as lost where n8n did', () => {
		const account = toAccount(
			evidence({
				records: [...lines('1', ['a'], 10, 20), ...lines('2', ['b'], 11)],
				executions: [row('1', 'error'), row('2', 'error')],
			}),
		);
		expect(account.lost).toEqual(['b']);
	});

	it('counts a mail as given twice when two executions finished with it, not when the first crashed', () => {
		const account = toAccount(
			evidence({
				records: [...lines('1', ['a', 'b'], 10, 20), ...lines('2', ['a'], 30, 40)],
				executions: [row('1', 'success'), row('2', 'success')],
			}),
		);
		expect(account.givenTwice).toEqual(['a']);
		expect(account.unexplained).toEqual(['a']);
		const crashed = toAccount(
			evidence({
				records: [...lines('1', ['a', 'b'], 10, 20), ...lines('2', ['a', 'b'], 30, 40)],
				executions: [row('1', 'crashed'), row('2', 'success')],
			}),
		);
		expect(crashed.givenTwice).toEqual([]);
		expect(crashed.reachedEndTwice).toEqual(['a', 'b']);
	});

	describe('with a mail that was given twice', () => {
		const twice = (kills: number[], end = 20_000) =>
			toAccount(
				evidence({
					ids: ['a'],
					records: [...lines('1', ['a'], 10_000, end), ...lines('2', ['a'], 60_000, 60_001)],
					executions: [row('1', 'success'), row('2', 'success')],
					kills,
				}),
			);

		it.each([
			{ kill: 'right after the end', kills: [20_000], explained: ['a'] },
			{ kill: 'a second after the end', kills: [21_000], explained: ['a'] },
			{ kill: 'later than a second after the end', kills: [21_001], explained: [] },
			{ kill: 'before the end', kills: [19_999], explained: [] },
			{ kill: 'after the repetition began', kills: [60_000], explained: [] },
			{ kill: 'never', kills: [], explained: [] },
		])('takes a kill $kill for what it is', ({ kills, explained }) => {
			expect(twice(kills).explained).toEqual(explained);
		});

		it('explains no more than one in twenty kills', () => {
			const ids = ['a', 'b', 'c'];
			const account = (kills: number) =>
				toAccount(
					evidence({
						ids,
						records: ids.flatMap((id, index) => [
							...lines(`1${id}`, [id], index * 10_000, index * 10_000 + 1),
							...lines(`2${id}`, [id], index * 10_000 + 5_000, index * 10_000 + 5_001),
						]),
						executions: ids.flatMap((id) => [row(`1${id}`, 'success'), row(`2${id}`, 'success')]),
						kills: [
							...ids.map((_, index) => index * 10_000 + 2),
							...Array.from({ length: kills - ids.length }, (_, index) => 500_000 + index),
						],
					}),
				);
			expect(account(20).explained).toEqual(['a']);
			expect(account(20).unexplained).toEqual(['b', 'c']);
			expect(account(21).explained).toEqual(['a', 'b']);
		});
	});

	it('notices an execution that n8n began again by itself', () => {
		const account = toAccount(
			evidence({
				ids: ['a'],
				records: lines('1', ['a'], 300, 310),
				executions: [row('1', 'success', 100)],
				kills: [200],
			}),
		);
		expect(account.rerun).toBe(1);
	});

	it('calls a mail out of order that the workflow saw before one delivered earlier', () => {
		const records = [...lines('1', ['b'], 10, 20), ...lines('2', ['a'], 11, 21)];
		const executions = [row('1', 'success'), row('2', 'success')];
		expect(toAccount(evidence({ records, executions })).outOfOrder).toEqual(['b']);
		// The UIDs of before mean nothing after a rebuild.
		expect(toAccount(evidence({ records, executions, rebuilds: [5] })).outOfOrder).toEqual([]);
	});
});
