import type { IRun, ITriggerFunctions } from 'n8n-workflow';
import type { ExecutionState } from '../../../mail/inbox/delivery';
import { createEmission } from '../../../nodes/bridge/emission';

class ManualExecutionCancelledError extends Error {}
class TimeoutExecutionCancelledError extends Error {}
class UserError extends Error {}

const finished = { status: 'success', finished: true } as unknown as IRun;
const failed = {
	status: 'error',
	data: { resultData: { lastNodeExecuted: 'Code', error: { message: 'no such order' } } },
} as unknown as IRun;

interface Emitted {
	readonly done: { resolve(run: IRun | undefined): void; reject(error: Error): void } | undefined;
	readonly key: string | undefined;
}

interface HostOptions {
	readonly tellsStored?: boolean;
	/** What n8n's records say, one answer after the other; the last one stays. */
	readonly states?: ExecutionState[];
}

function createHost(
	emit: (emitted: Emitted) => void,
	{ tellsStored = false, states = ['unknown'] }: HostOptions = {},
) {
	const warnings: string[] = [];
	const context = {
		helpers: {
			createDeferredPromise: () => {
				let resolve: (run: IRun | undefined) => void = () => undefined;
				let reject: (error: Error) => void = () => undefined;
				const promise = new Promise((onDone, onFail) => {
					resolve = onDone;
					reject = onFail;
				});
				return { promise, resolve, reject };
			},
		},
		emit: (_data: unknown, _response: unknown, done: Emitted['done'], key: string) =>
			emit({ done, key }),
	} as unknown as ITriggerFunctions;
	const line = (message: string) => void warnings.push(message);
	const log = { debug: line, info: line, warn: line, error: line };
	const records = {
		find: async () => (states.length > 1 ? states.shift() : states[0]) ?? 'unknown',
	};
	return { emit: createEmission(context, records, { tellsStored }, log), warnings };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('the end of an execution', () => {
	it('is its success', async () => {
		const { emit } = createHost(({ done }) => done?.resolve(finished));
		expect(await emit([[]], 'key').end).toEqual({ kind: 'succeeded' });
	});

	it('is its failure, with the reason', async () => {
		const { emit } = createHost(({ done }) => done?.resolve(failed));
		expect(await emit([[]], 'key').end).toEqual({ kind: 'failed', reason: 'no such order' });
	});

	it.each([
		new ManualExecutionCancelledError('cancelled'),
		new TimeoutExecutionCancelledError('too long'),
	])('is wanted when the user, or the limit that he has set, stops it', async (error) => {
		const { emit } = createHost(({ done }) => done?.reject(error));
		expect(await emit([[]], 'key').end).toEqual({ kind: 'succeeded' });
	});

	it('did not come when the host could not store it', async () => {
		const { emit } = createHost(({ done }) => done?.reject(new Error('database is locked')));
		expect(await emit([[]], 'key').end).toEqual({ kind: 'notStarted' });
	});

	it('did not come when the host refuses the call itself', async () => {
		const { emit } = createHost(() => {
			throw new Error('workflow is gone');
		});
		expect(await emit([[]], 'key').end).toEqual({ kind: 'notStarted' });
	});

	it('is that of the earlier execution where n8n refuses a second one for the same mails', async () => {
		const { emit } = createHost(({ done }) => done?.resolve(undefined), {
			states: ['underWay', 'underWay', 'finished'],
		});
		const { end } = emit([[]], 'key');
		await jest.advanceTimersByTimeAsync(5_000);
		expect(await end).toEqual({ kind: 'succeeded' });
	});

	it('is an interruption where n8n refuses a second one and nobody knows of the first', async () => {
		const { emit } = createHost(({ done }) => done?.resolve(undefined));
		expect(await emit([[]], 'key').end).toEqual({ kind: 'interrupted' });
	});

	it('is taken from the records where the report never comes', async () => {
		const { emit } = createHost(() => undefined, { states: ['underWay', 'finished'] });
		const { end } = emit([[]], 'key');
		await jest.advanceTimersByTimeAsync(3 * 60_000);
		expect(await end).toEqual({ kind: 'succeeded' });
	});

	it('stays open where neither report nor records tell it', async () => {
		const { emit } = createHost(() => undefined);
		let hasEnded = false;
		void emit([[]], 'key').end.then(() => (hasEnded = true));
		await jest.advanceTimersByTimeAsync(2 * 60 * 60_000);
		expect(hasEnded).toBe(false);
	});
});

describe('the storing of an execution', () => {
	it('is told when it was asked for', async () => {
		const { emit } = createHost(() => undefined, {
			tellsStored: true,
			states: ['absent', 'underWay'],
		});
		let isStored = false;
		void emit([[]], 'key').stored?.then(() => (isStored = true));
		await jest.advanceTimersByTimeAsync(10);
		expect(isStored).toBe(false);
		await jest.advanceTimersByTimeAsync(100);
		expect(isStored).toBe(true);
	});

	it('is not looked for otherwise', () => {
		const { emit } = createHost(() => undefined);
		expect(emit([[]], 'key').stored).toBeUndefined();
	});
});

describe('a host that refuses to report the end', () => {
	const refusing = (seen: boolean[]) => (emitted: Emitted) => {
		seen.push(emitted.done !== undefined);
		emitted.done?.reject(new UserError('not supported by engine v2'));
	};

	it('is given the mails once more without asking, and is never asked again', async () => {
		const seen: boolean[] = [];
		const { emit, warnings } = createHost(refusing(seen));
		expect(await emit([[]], 'one').end).toEqual({ kind: 'succeeded' });
		expect(await emit([[]], 'two').end).toEqual({ kind: 'succeeded' });
		expect(seen).toEqual([true, false, false]);
		expect(warnings.join()).toContain('count as processed once given');
	});

	it('may fail to start an execution, too', async () => {
		let isGone = false;
		const { emit } = createHost((emitted) => {
			if (isGone) throw new Error('workflow is gone');
			refusing([])(emitted);
		});
		await emit([[]], 'one').end;
		isGone = true;
		expect(await emit([[]], 'two').end).toEqual({ kind: 'notStarted' });
	});
});
