import { MailError } from '../../../mail/errors';
import { EXECUTIONS_IN_FLIGHT, EXECUTION_REPORT_MS } from '../../../mail/limits';
import type { Watch } from '../../../mail/inbox/watch';
import { settle, succeeded, useWatchHost } from '../../support/watch-host';

const at = useWatchHost();

async function stopWithinTwoSeconds(watch: Watch): Promise<void> {
	let isStopped = false;
	void watch.stop().then(() => (isStopped = true));
	await settle(2_000);
	expect(isStopped).toBe(true);
}

const hangAt = (...names: string[]) => {
	at.mailbox.onCommand = (name, step) =>
		names.includes(name) && step === 'begins' ? new Promise(() => undefined) : undefined;
};

describe('stopping takes under two seconds and nothing follows it', () => {
	afterEach(async () => {
		const { length } = at.host.given;
		at.mailbox.onCommand = () => undefined;
		at.mailbox.deliver('late');
		await settle(10 * 60_000);
		expect(at.host.given).toHaveLength(length);
	});

	it('while it waits for news', async () => {
		const watch = at.host.watch(at.mailbox);
		await settle();
		await stopWithinTwoSeconds(watch);
		expect(at.mailbox.sessions.every(({ closed }) => closed)).toBe(true);
	});

	it.each(['search', 'fetchHeads', 'fetchBodies', 'addFlags'])(
		'while the server leaves %s without an answer',
		async (command) => {
			hangAt(command);
			at.mailbox.deliver('order');
			const watch = at.host.watch(at.mailbox, { startWith: { kind: 'all' } });
			await settle(1_000);
			await stopWithinTwoSeconds(watch);
		},
	);

	it('while it looks what a new folder holds', async () => {
		hangAt('search');
		const watch = at.host.watch(at.mailbox, { startWith: { kind: 'unread' } });
		await settle();
		await stopWithinTwoSeconds(watch);
	});

	it('while it waits for the next try', async () => {
		at.mailbox.openingFaults.push(new MailError('auth.rejected'));
		const watch = at.host.watch(at.mailbox);
		await settle(60_000);
		await stopWithinTwoSeconds(watch);
	});

	it('while the host saves a checkpoint for ever', async () => {
		const watch = at.host.watch(at.mailbox);
		await settle();
		at.host.saveIsStuck = true;
		at.mailbox.deliver('order');
		await settle();
		await stopWithinTwoSeconds(watch);
		at.host.saveIsStuck = false;
	});

	it('while the records do not answer', async () => {
		at.host.holdExecutions = true;
		at.host.watch(at.mailbox);
		await settle();
		at.mailbox.deliver('order');
		await settle();
		at.host.recordsAreStuck = true;
		const watch = at.host.watchAfterKill(at.mailbox);
		await settle();
		await stopWithinTwoSeconds(watch);
	});

	it('while all slots are taken and more waits', async () => {
		at.host.holdExecutions = true;
		for (let count = 0; count < EXECUTIONS_IN_FLIGHT + 5; count++) at.mailbox.deliver();
		const watch = at.host.watch(at.mailbox, { startWith: { kind: 'all' } });
		await settle();
		await stopWithinTwoSeconds(watch);
		const { length } = at.host.given;
		for (const end of at.host.ends) end(succeeded);
		await settle(10_000);
		expect(at.host.given).toHaveLength(length);
		expect(at.mailbox.subjectsWith('\\Seen')).toHaveLength(length);
		expect(at.mailbox.sessions.every(({ closed }) => closed)).toBe(true);
	});

	it('though it is asked twice', async () => {
		const watch = at.host.watch(at.mailbox);
		await settle();
		void watch.stop();
		await stopWithinTwoSeconds(watch);
	});
});

describe('after the stop', () => {
	it('an execution whose end is never told holds the connection no longer than it would have a slot', async () => {
		at.host.holdExecutions = true;
		const watch = at.host.watch(at.mailbox);
		await settle();
		at.mailbox.deliver('order');
		await settle();
		await stopWithinTwoSeconds(watch);
		expect(at.mailbox.sessions.at(-1)?.closed).toBe(false);
		await settle(EXECUTION_REPORT_MS + 2 * 60_000);
		expect(at.mailbox.sessions.every(({ closed }) => closed)).toBe(true);
	});

	it('an execution is acknowledged though the connection is lost meanwhile', async () => {
		at.host.holdExecutions = true;
		const watch = at.host.watch(at.mailbox);
		await settle();
		at.mailbox.deliver('order');
		await settle();
		await stopWithinTwoSeconds(watch);
		at.mailbox.cutConnections();
		await settle(60_000);
		at.host.ends[0]?.(succeeded);
		await settle(60_000);
		expect(at.mailbox.subjectsWith('\\Seen')).toEqual(['order']);
		expect(at.host.subjects).toEqual(['order']);
	});

	it('mail that was read and not yet given is given by the next watch, as the first attempt', async () => {
		let release: () => void = () => undefined;
		at.mailbox.onCommand = (name, step) =>
			name === 'fetchBodies' && step === 'begins'
				? new Promise<void>((resolve) => (release = resolve))
				: undefined;
		const watch = at.host.watch(at.mailbox);
		await settle();
		at.mailbox.deliver('order');
		await settle();
		const stopped = watch.stop();
		release();
		await settle(2_000);
		await stopped;
		at.mailbox.onCommand = () => undefined;
		at.host.watch(at.mailbox);
		await settle();
		expect(at.host.given).toMatchObject([{ attempt: 1, head: { subject: 'order' } }]);
	});
});

describe('a new watch while an earlier one still acknowledges', () => {
	it('takes over: each mail is given once and marked once', async () => {
		const marks: string[] = [];
		at.mailbox.onCommand = (name, step) => {
			if (name === 'addFlags' && step === 'begins') marks.push(name);
		};
		at.host.holdExecutions = true;
		const first = at.host.watch(at.mailbox);
		await settle();
		for (let count = 0; count < 5; count++) at.mailbox.deliver(`mail ${count}`);
		await settle();
		const stopped = first.stop();
		at.host.watch(at.mailbox);
		await settle(2_000);
		await stopped;
		for (const end of at.host.ends.splice(0)) {
			end(succeeded);
			await settle(1_000);
		}
		at.mailbox.deliver('next');
		await settle(60_000);
		expect(at.host.subjects).toEqual(['mail 0', 'mail 1', 'mail 2', 'mail 3', 'mail 4', 'next']);
		expect(at.mailbox.subjectsWith('\\Seen')).toHaveLength(5);
		expect(marks).toHaveLength(5);
	});

	it('is not disturbed by one that the host started twice', async () => {
		at.host.watch(at.mailbox);
		at.host.watch(at.mailbox);
		await settle();
		for (let count = 0; count < 5; count++) at.mailbox.deliver(`mail ${count}`);
		await settle(60_000);
		expect(at.host.given).toHaveLength(5);
		expect(at.mailbox.subjectsWith('\\Seen')).toHaveLength(5);
		expect(at.mailbox.sessions.filter(({ closed }) => !closed)).toHaveLength(1);
	});

	it('goes on at once with what the earlier one was reading', async () => {
		let isFirst = true;
		at.mailbox.onCommand = (name, step) => {
			if (name !== 'fetchBodies' || step !== 'begins' || !isFirst) return;
			isFirst = false;
			return new Promise((resolve) => setTimeout(resolve, 20_000));
		};
		const first = at.host.watch(at.mailbox);
		await settle();
		at.mailbox.deliver('order');
		await settle();
		void first.stop();
		at.host.watch(at.mailbox);
		await settle(30_000);
		expect(at.host.given).toMatchObject([{ attempt: 1, head: { subject: 'order' } }]);
	});
});
