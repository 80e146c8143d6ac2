import type { IRun } from 'n8n-workflow';
import { toRunEnd } from '../../../nodes/bridge/run-end';

const run = (status: string, resultData: object = {}) =>
	({ status, data: { resultData: { runData: {}, ...resultData } } }) as unknown as IRun;
const failedRun = (error: unknown) => run('error', { lastNodeExecuted: 'Code', error });

describe("n8n's report of an execution", () => {
	it.each(['success', 'waiting', 'canceled', 'running', 'unknown'])(
		'means that the mails were taken when its status is %s',
		(status) => {
			expect(toRunEnd(run(status))).toEqual({ kind: 'succeeded' });
		},
	);

	it('holds the reason of a failure as one line without markup', () => {
		const end = toRunEnd(failedRun({ message: 'No\nsuch <b>order</b>' }));
		expect(end).toEqual({ kind: 'failed', reason: 'No such order' });
	});

	it.each([undefined, null, 'text', {}, { message: 7 }])(
		'has a reason of its own where the error is %j',
		(error) => {
			expect(toRunEnd(failedRun(error))).toEqual({ kind: 'failed', reason: 'the workflow failed' });
		},
	);

	it('without data is a failure all the same', () => {
		expect(toRunEnd({ status: 'error' } as unknown as IRun).kind).toBe('failed');
	});

	it('is a failure of a workflow that could not start, and so named no node', () => {
		expect(toRunEnd(run('error', { error: new Error('no such credential') }))).toEqual({
			kind: 'failed',
			reason: 'no such credential',
		});
	});

	it('tells a workflow that failed from a process that died with it', () => {
		expect(toRunEnd(run('crashed')).kind).toBe('interrupted');
		const stalled = { message: 'This execution failed to be processed too many times' };
		expect(toRunEnd(run('error', { error: stalled })).kind).toBe('interrupted');
	});
});
