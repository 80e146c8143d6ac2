import type { Acknowledge, ExecutionState } from '../../../mail/inbox/delivery';
import { ORPHAN_PATIENCE_MS } from '../../../mail/limits';
import { settle, useWatchHost } from '../../support/watch-host';

const at = useWatchHost();

/** An execution with one mail was under way when the process was killed. */
async function killWithOneUnderWay(acknowledge: Acknowledge = 'finished'): Promise<void> {
	at.host.holdExecutions = true;
	at.host.watch(at.mailbox, { acknowledge });
	await settle();
	at.mailbox.deliver('order');
	await settle();
	expect(at.host.attempts).toEqual([1]);
}

async function restart(acknowledge: Acknowledge = 'finished', ms = 10_000): Promise<void> {
	at.host.watchAfterKill(at.mailbox, { acknowledge });
	await settle(ms);
}

const sayOfAll = (state: ExecutionState) => {
	for (const key of at.host.keys) at.host.records.set(key, state);
};
const read = () => at.mailbox.subjectsWith('\\Seen');

describe('an execution of a process that was killed', () => {
	it.each<[Acknowledge, ExecutionState, number[], string[]]>([
		['finished', 'finished', [1], ['order']],
		['finished', 'failed', [1], ['order']],
		['finished', 'interrupted', [1, 2], []],
		['finished', 'absent', [1, 1], []],
		['finished', 'underWay', [1], []],
		['finished', 'unknown', [1, 2], []],
		['stored', 'finished', [1], ['order']],
		['stored', 'failed', [1], ['order']],
		['stored', 'underWay', [1], ['order']],
		['stored', 'interrupted', [1, 2], []],
		['stored', 'absent', [1, 1], []],
		['succeeded', 'finished', [1], ['order']],
		['succeeded', 'failed', [1, 2], []],
		['succeeded', 'interrupted', [1, 2], []],
		['succeeded', 'underWay', [1], []],
	])(
		'where %s counts and the records say %s, leads to attempts %j',
		async (acknowledge, state, attempts, marked) => {
			await killWithOneUnderWay(acknowledge);
			sayOfAll(state);
			await restart(acknowledge);
			expect(at.host.attempts).toEqual(attempts);
			expect(read()).toEqual(marked);
		},
	);

	it('is waited for while it goes on elsewhere, and other mail flows meanwhile', async () => {
		await killWithOneUnderWay();
		sayOfAll('underWay');
		await restart();
		at.mailbox.deliver('next');
		await settle(30_000);
		expect(at.host.subjects).toEqual(['order', 'next']);
		at.host.records.set(at.host.keys[0] ?? '', 'finished');
		await settle(5_000);
		expect(read()).toEqual(['order']);
		expect(at.host.subjects).toEqual(['order', 'next']);
	});

	it('is no longer waited for after four hours', async () => {
		await killWithOneUnderWay();
		sayOfAll('underWay');
		await restart('finished', ORPHAN_PATIENCE_MS - 60_000);
		expect(at.host.attempts).toEqual([1]);
		await settle(2 * 60_000);
		expect(at.host.attempts).toEqual([1, 2]);
	});

	it('is waited for also over a second restart', async () => {
		await killWithOneUnderWay();
		sayOfAll('underWay');
		await restart();
		await restart();
		sayOfAll('finished');
		await settle(5_000);
		expect(at.host.attempts).toEqual([1]);
		expect(read()).toEqual(['order']);
	});

	it('is asked about again where the database does not answer at first', async () => {
		await killWithOneUnderWay();
		sayOfAll('unknown');
		await restart('finished', 1_000);
		sayOfAll('finished');
		await settle(10_000);
		expect(at.host.attempts).toEqual([1]);
		expect(read()).toEqual(['order']);
	});

	it('is told by the mark at the server where the host keeps no records', async () => {
		await killWithOneUnderWay();
		at.mailbox.mails[0]?.flags.add('\\Seen');
		await restart();
		expect(at.host.attempts).toEqual([1]);
		expect(at.host.checkpoint?.open).toEqual([]);
	});

	it('is given again with its number of the attempt, and each mail by itself from the second time on', async () => {
		at.host.holdExecutions = true;
		for (const subject of ['one', 'two', 'three']) at.mailbox.deliver(subject);
		const settings = { startWith: { kind: 'all' }, messagesPerExecution: 20 } as const;
		at.host.watch(at.mailbox, settings);
		await settle();
		for (let kill = 0; kill < 2; kill++) {
			sayOfAll('interrupted');
			at.host.watchAfterKill(at.mailbox, settings);
			await settle(30_000);
		}
		expect(at.host.groups).toEqual([3, 3, 1, 1, 1]);
		expect(at.host.attempts).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3]);
	});

	it('whose mails have left the mailbox is forgotten when it is over', async () => {
		await killWithOneUnderWay();
		at.mailbox.expunge(1);
		sayOfAll('finished');
		await restart();
		expect(at.host.checkpoint?.executions).toEqual([]);
		expect(at.host.checkpoint?.open).toEqual([]);
		expect(at.host.faults).toEqual([]);
	});

	it('that has to be repeated is not, where its mail has left the mailbox', async () => {
		await killWithOneUnderWay();
		at.mailbox.expunge(1);
		sayOfAll('interrupted');
		await restart();
		expect(at.host.attempts).toEqual([1]);
		expect(at.host.checkpoint?.open).toEqual([]);
	});
});

describe('another leader of the same hosts', () => {
	it('goes on where the last one stopped, and the first one again after it, though it has a memory of its own', async () => {
		const first = at.host.watch(at.mailbox, { watchKey: 'first host' });
		await settle();
		for (const subject of ['one', 'two', 'three']) at.mailbox.deliver(subject);
		await settle();
		await first.stop();
		const second = at.host.watch(at.mailbox, { watchKey: 'second host' });
		await settle();
		at.mailbox.deliver('four');
		await settle();
		await second.stop();
		at.host.watch(at.mailbox, { watchKey: 'first host' });
		await settle();
		at.mailbox.deliver('five');
		await settle(60_000);
		expect(at.host.subjects).toEqual(['one', 'two', 'three', 'four', 'five']);
	});

	it('is followed by a leader that still has executions of its own under way, and nothing is given twice', async () => {
		at.host.holdExecutions = true;
		const first = at.host.watch(at.mailbox, { watchKey: 'leader with work' });
		await settle();
		at.mailbox.deliver('one');
		await settle();
		const stopped = first.stop();
		await settle(2_000);
		await stopped;

		// The other host finds the execution under way in the records that both share.
		sayOfAll('underWay');
		await settle(10_000);
		const second = at.host.watch(at.mailbox, { watchKey: 'its successor' });
		await settle(5_000);
		at.host.holdExecutions = false;
		at.mailbox.deliver('two');
		await settle();
		await second.stop();
		await settle(5_000);

		at.host.watch(at.mailbox, { watchKey: 'leader with work' });
		await settle(5_000);
		sayOfAll('finished');
		at.host.ends[0]?.({ kind: 'succeeded' });
		await settle(60_000);
		expect(at.host.subjects).toEqual(['one', 'two']);
		expect(read()).toEqual(['one', 'two']);
	});
});
