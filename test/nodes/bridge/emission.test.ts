import type { IRun, ITriggerFunctions } from 'n8n-workflow';
import { createEmission } from '../../../nodes/bridge/emission';

class ManualExecutionCancelledError extends Error {}
class UserError extends Error {}

const finished = { status: 'success', finished: true } as unknown as IRun;
const failed = { status: 'error', finished: false } as unknown as IRun;

interface Emitted {
	readonly done: { resolve(run: IRun | undefined): void; reject(error: Error): void } | undefined;
	readonly key: string | undefined;
}

function createContext(emit: (emitted: Emitted) => void) {
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
	return { emit: createEmission(context, log), warnings };
}

describe('an execution', () => {
	it.each([
		['succeeds', finished],
		['fails', failed],
	])('has ended when it %s', async (_name, run) => {
		const { emit } = createContext(({ done }) => done?.resolve(run));
		expect(await emit([[]], 'key')).toBe('ended');
	});

	it('has ended when the user cancels it', async () => {
		const { emit } = createContext(({ done }) =>
			done?.reject(new ManualExecutionCancelledError('cancelled')),
		);
		expect(await emit([[]], 'key')).toBe('ended');
	});

	it('is a duplicate when the host reports nothing', async () => {
		const { emit } = createContext(({ done }) => done?.resolve(undefined));
		expect(await emit([[]], 'key')).toBe('duplicate');
	});

	it('was not started when the host could not store it', async () => {
		const { emit } = createContext(({ done }) => done?.reject(new Error('database is locked')));
		expect(await emit([[]], 'key')).toBe('notStarted');
	});

	it('was not started when the host refuses the call itself', async () => {
		const { emit } = createContext(() => {
			throw new Error('workflow is gone');
		});
		expect(await emit([[]], 'key')).toBe('notStarted');
	});

	it('frees its slot after an hour when the host never reports its end', async () => {
		jest.useFakeTimers();
		const { emit } = createContext(() => undefined);
		const end = emit([[]], 'key');
		await jest.advanceTimersByTimeAsync(61 * 60_000);
		expect(await end).toBe('ended');
		jest.useRealTimers();
	});

	it('is given once more without a report on hosts that refuse to report the end, and never with one again', async () => {
		const seen: boolean[] = [];
		const { emit } = createContext(({ done }) => {
			seen.push(done !== undefined);
			done?.reject(new UserError('not supported by engine v2'));
		});
		expect(await emit([[]], 'one')).toBe('ended');
		expect(await emit([[]], 'two')).toBe('ended');
		expect(seen).toEqual([true, false, false]);
	});
});
