import type { ExecutionState } from '../../../mail/inbox/delivery';
import { EXECUTION_REPORT_MS } from '../../../mail/limits';
import {
	awaitEndOfRefused,
	awaitRecordedEnd,
	awaitStored,
} from '../../../nodes/bridge/record-watch';

let looks: number;
let over: AbortController;

beforeEach(() => {
	jest.useFakeTimers();
	looks = 0;
	over = new AbortController();
});
afterEach(() => {
	over.abort();
	jest.useRealTimers();
});

/** Answers with these one after the other, and then with the last one. */
function records(...states: ExecutionState[]) {
	return {
		find: async () => {
			looks++;
			return (states.length > 1 ? states.shift() : states[0]) ?? 'unknown';
		},
	};
}

/** What a promise has settled with after `ms`. */
async function after<T>(promise: Promise<T>, ms: number): Promise<T | 'pending' | undefined> {
	let result: T | 'pending' | undefined = 'pending';
	void promise.then((value) => (result = value));
	await jest.advanceTimersByTimeAsync(ms);
	return result;
}

describe('an execution that was asked for', () => {
	it('counts as stored as soon as the records know it', async () => {
		const stored = awaitStored(records('absent', 'absent', 'underWay'), 'key', over.signal);
		expect(await after(stored, 20)).toBe('pending');
		expect(await after(stored, 200)).toBeUndefined();
	});

	it.each(['unknown', 'absent'] as const)(
		'never counts as stored where the records say %s',
		async (state) => {
			const stored = awaitStored(records(state), 'key', over.signal);
			expect(await after(stored, EXECUTION_REPORT_MS)).toBe('pending');
		},
	);

	it('is no longer looked for once it is over', async () => {
		void awaitStored(records('absent'), 'key', over.signal);
		void awaitRecordedEnd(records('underWay'), 'key', over.signal);
		void awaitEndOfRefused(records('underWay'), 'key', over.signal);
		await jest.advanceTimersByTimeAsync(5_000);
		over.abort();
		looks = 0;
		await jest.advanceTimersByTimeAsync(10 * 60_000);
		expect(looks).toBe(0);
	});
});

describe('an execution whose end n8n never reports', () => {
	it.each([
		['finished', { kind: 'succeeded' }],
		['failed', { kind: 'failed', reason: 'the workflow failed' }],
		['interrupted', { kind: 'interrupted' }],
	] as const)('has ended when the records say %s', async (state, end) => {
		const recorded = awaitRecordedEnd(records('underWay', state), 'key', over.signal);
		expect(await after(recorded, 60_000)).toBe('pending');
		expect(await after(recorded, 60_000)).toEqual(end);
	});

	it.each(['unknown', 'absent', 'underWay'] as const)(
		'goes on where the records say %s',
		async (state) => {
			const recorded = awaitRecordedEnd(records(state), 'key', over.signal);
			expect(await after(recorded, EXECUTION_REPORT_MS)).toBe('pending');
		},
	);
});

describe('an execution that n8n refused to start a second time', () => {
	it('ends with the one that was there before', async () => {
		const end = awaitEndOfRefused(records('underWay', 'underWay', 'finished'), 'key', over.signal);
		expect(await after(end, 3_000)).toBe('pending');
		expect(await after(end, 3_000)).toEqual({ kind: 'succeeded' });
	});

	it.each(['unknown', 'absent', 'interrupted'] as const)(
		'was interrupted where the records say %s: it may never have run',
		async (state) => {
			const end = awaitEndOfRefused(records(state), 'key', over.signal);
			expect(await after(end, 0)).toEqual({ kind: 'interrupted' });
		},
	);
});
