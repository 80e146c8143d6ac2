import type { INodeExecutionData, IRun, ITriggerFunctions } from 'n8n-workflow';
import type { ExecutionRecords } from '../../mail/inbox/delivery';
import { watchMailbox } from '../../mail/inbox/watch';
import { EXECUTION_REPORT_MS, EXECUTIONS_IN_FLIGHT } from '../../mail/limits';
import { createEmission } from '../../nodes/bridge/emission';
import { toOutputs } from '../../nodes/bridge/message-item';
import { silentLog } from '../mail/drivers/imap/imap-connector';
import { settle, useWatchHost, watchSettings } from '../support/watch-host';

class UserError extends Error {}

const at = useWatchHost();
/** Before 2.20 n8n knows no deduplication keys. */
const noRecords: ExecutionRecords = { find: async () => 'unknown' };

type Done = { resolve(run: IRun | undefined): void; reject(error: Error): void } | undefined;

function watchOn(emit: (items: INodeExecutionData[], done: Done) => void, watchKey: string) {
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
		emit: (outputs: INodeExecutionData[][], _response: unknown, done: Done) =>
			emit(outputs.flat(), done),
	} as unknown as ITriggerFunctions;
	const send = createEmission(context, noRecords, { tellsStored: true }, silentLog);
	return watchMailbox(
		async () => ({ driver: at.mailbox }),
		{ ...watchSettings, watchKey, startWith: { kind: 'all' } },
		{
			deliver: (messages, key) => send(toOutputs(messages, 0, { account: 'a', folder: 'b' }), key),
			records: noRecords,
			checkpoints: at.host.store(),
			log: silentLog,
			reportFault: (error) => {
				throw error;
			},
		},
	);
}

describe('23. A host without the newer calls gets every mail', () => {
	it('where it refuses to report the end of executions', async () => {
		const subjects: unknown[] = [];
		for (let count = 0; count < 30; count++) at.mailbox.deliver(`mail ${count}`);
		const watch = watchOn((items, done) => {
			if (done !== undefined) return done.reject(new UserError('not supported'));
			subjects.push(...items.map(({ json }) => json.subject));
		}, 'refusing host');
		await settle(60_000);
		expect(new Set(subjects).size).toBe(30);
		expect(subjects).toHaveLength(30);
		expect(at.mailbox.subjectsWith('\\Seen')).toHaveLength(30);
		await Promise.all([watch.stop(), settle(2_000)]);
	});

	it('where it knows no deduplication keys, and reports the end', async () => {
		const subjects: unknown[] = [];
		for (let count = 0; count < 30; count++) at.mailbox.deliver(`mail ${count}`);
		const watch = watchOn((items, done) => {
			subjects.push(...items.map(({ json }) => json.subject));
			done?.resolve({ status: 'success' } as unknown as IRun);
		}, 'host without keys');
		await settle(60_000);
		expect(subjects).toHaveLength(30);
		await Promise.all([watch.stop(), settle(2_000)]);
	});

	it('where it never reports the end: no flood, and no standstill', async () => {
		let given = 0;
		for (let count = 0; count < 30; count++) at.mailbox.deliver(`mail ${count}`);
		const watch = watchOn((items) => void (given += items.length), 'host without a report');
		await settle(10_000);
		expect(given).toBe(EXECUTIONS_IN_FLIGHT);
		await settle(3 * EXECUTION_REPORT_MS);
		expect(given).toBe(30);
		// Nobody knows how they ended: nothing is marked.
		expect(at.mailbox.subjectsWith('\\Seen')).toEqual([]);
		const stopped = watch.stop();
		await settle(2 * EXECUTION_REPORT_MS);
		await stopped;
	});
});
