import { MailError } from '../../../mail/errors';
import type { AfterProcessing } from '../../../mail/inbox/delivery';
import { ATTEMPTS, BATCH_MESSAGES } from '../../../mail/limits';
import {
	failed,
	interrupted,
	settle,
	succeeded,
	useWatchHost,
	watchSettings,
} from '../../support/watch-host';

const at = useWatchHost();
const batched = { startWith: { kind: 'all' }, messagesPerExecution: BATCH_MESSAGES } as const;

async function deliver(...subjects: string[]): Promise<void> {
	for (const subject of subjects) at.mailbox.deliver(subject);
	await settle();
}

const read = () => at.mailbox.subjectsWith('\\Seen');

describe('a mail counts as processed', () => {
	beforeEach(() => (at.host.holdExecutions = true));

	it('when its execution is stored, where that was asked for', async () => {
		at.host.watch(at.mailbox, { acknowledge: 'stored' });
		await settle();
		await deliver('order');
		expect(read()).toEqual([]);
		at.host.stores[0]?.();
		await settle();
		expect(read()).toEqual(['order']);
		expect(at.host.checkpoint?.open).toEqual([]);
	});

	it('when its execution has ended, where nobody tells that it was stored', async () => {
		at.host.watch(at.mailbox, { acknowledge: 'stored' });
		await settle();
		await deliver('order');
		at.host.ends[0]?.(succeeded);
		await settle();
		expect(read()).toEqual(['order']);
	});

	it.each([succeeded, failed, interrupted])(
		'once, where it was stored and its execution then has %j',
		async (end) => {
			at.host.watch(at.mailbox, { acknowledge: 'stored' });
			await settle();
			await deliver('order');
			at.host.stores[0]?.();
			await settle();
			at.host.ends[0]?.(end);
			await settle(60_000);
			expect(at.host.subjects).toEqual(['order']);
			expect(at.host.checkpoint?.finished).toHaveLength(1);
		},
	);

	it.each(['finished', 'succeeded'] as const)(
		'not when it is only stored, where %s was asked for',
		async (acknowledge) => {
			at.host.watch(at.mailbox, { acknowledge });
			await settle();
			await deliver('order');
			at.host.stores[0]?.();
			await settle(60_000);
			expect(read()).toEqual([]);
		},
	);

	it.each([succeeded, failed])('when its execution has finished with %j', async (end) => {
		at.host.watch(at.mailbox, { acknowledge: 'finished' });
		await settle();
		await deliver('order');
		at.host.ends[0]?.(end);
		await settle(60_000);
		expect(read()).toEqual(['order']);
		expect(at.host.attempts).toEqual([1]);
	});

	it('never when its execution died: another one follows', async () => {
		at.host.watch(at.mailbox, { acknowledge: 'finished' });
		await settle();
		await deliver('order');
		at.host.ends[0]?.(interrupted);
		await settle();
		expect(read()).toEqual([]);
		expect(at.host.attempts).toEqual([1, 2]);
		expect(new Set(at.host.keys).size).toBe(2);
	});
});

describe('where only a success counts', () => {
	const strict = { ...batched, acknowledge: 'succeeded' } as const;

	it('each mail of a failed execution gets one of its own, and only the guilty one is tried three times', async () => {
		at.host.toEnd = (messages) =>
			messages.some(({ head, problem }) => head?.subject === 'mail 7' && problem === undefined)
				? failed
				: succeeded;
		for (let count = 1; count <= 20; count++) at.mailbox.deliver(`mail ${count}`);
		at.host.watch(at.mailbox, strict);
		await settle();
		expect(at.host.groups[0]).toBe(20);
		expect(read()).toHaveLength(19);
		await settle(60_000);
		const guilty = at.host.given.slice(20).filter(({ head }) => head?.subject === 'mail 7');
		expect(guilty).toHaveLength(ATTEMPTS + 1);
		expect(at.host.given).toHaveLength(20 + 19 + ATTEMPTS + 1);
		expect(at.host.groups.slice(1)).toEqual(Array.from({ length: 23 }, () => 1));

		const last = at.host.given.at(-1);
		expect(last?.problem?.code).toBe('message.givenUp');
		expect(last?.problem?.message).toContain('the order is unknown');
		expect(last?.source?.content.toString()).toBe('source of 7');
		expect(last?.body?.text).toBe('mail 7');
		expect(last?.decision.matches).toEqual([]);
		expect(read()).toHaveLength(20);
		expect(at.host.checkpoint?.open).toEqual([]);
	});

	it('the pauses between the attempts grow, and new mail does not wait for them', async () => {
		at.host.toEnd = ([message]) => (message?.head?.subject === 'guilty' ? failed : succeeded);
		at.host.watch(at.mailbox, strict);
		await settle();
		await deliver('guilty');
		expect(at.host.given).toHaveLength(1);
		await deliver('next');
		expect(read()).toEqual(['next']);
		await settle(4_900);
		expect(at.host.given).toHaveLength(2);
		await settle(200);
		expect(at.host.given).toHaveLength(3);
		await settle(29_000);
		expect(at.host.given).toHaveLength(3);
		await settle(2_000);
		expect(at.host.given.map(({ problem }) => problem?.code)).toEqual([
			undefined,
			undefined,
			undefined,
			undefined,
			'message.givenUp',
		]);
	});

	it('nothing follows the error output, though its execution fails, too', async () => {
		at.host.toEnd = () => failed;
		at.host.watch(at.mailbox, strict);
		await settle();
		await deliver('guilty');
		await settle(10 * 60_000);
		expect(at.host.given).toHaveLength(ATTEMPTS + 1);
		expect(read()).toEqual(['guilty']);
	});

	it('the attempts go on after a restart where they stopped', async () => {
		at.host.toEnd = () => failed;
		at.host.watch(at.mailbox, strict);
		await settle();
		await deliver('guilty');
		await settle(6_000);
		expect(at.host.attempts).toEqual([1, 2]);
		at.host.watchAfterKill(at.mailbox, strict);
		await settle(10 * 60_000);
		const byNewProcess = at.host.given.filter(({ attempt }) => attempt > 2);
		expect(byNewProcess.some(({ problem }) => problem !== undefined)).toBe(true);
		expect(byNewProcess.length).toBeLessThanOrEqual(4);
	});
});

describe('after processing', () => {
	const watch = async (afterProcessing: AfterProcessing) => {
		at.host.watch(at.mailbox, { afterProcessing });
		await settle();
		await deliver('one', 'two');
		await settle();
	};

	it.each<[AfterProcessing, string]>([
		[{ kind: 'markRead' }, '\\Seen'],
		[{ kind: 'flag' }, '\\Flagged'],
		[{ kind: 'keyword', keyword: '$Imported' }, '$Imported'],
	])('%j sets its mark and no other', async (afterProcessing, mark) => {
		await watch(afterProcessing);
		expect(at.mailbox.mails.map(({ flags }) => [...flags])).toEqual([[mark], [mark]]);
	});

	it('a mail lies in the other folder', async () => {
		await watch({ kind: 'move', folder: 'Done' });
		expect(at.mailbox.mails).toEqual([]);
		expect(at.mailbox.folders.get('Done')?.map(({ subject }) => subject)).toEqual(['one', 'two']);
	});

	it('a mail is gone', async () => {
		await watch({ kind: 'delete' });
		expect(at.mailbox.mails).toEqual([]);
	});

	it('a mail stays as it is', async () => {
		await watch({ kind: 'nothing' });
		expect(at.mailbox.mails.map(({ flags }) => flags.size)).toEqual([0, 0]);
		expect(at.host.checkpoint?.open).toEqual([]);
	});

	it.each<AfterProcessing>([{ kind: 'move', folder: 'Done' }, { kind: 'delete' }])(
		'nothing happens to a mail before its execution has ended: %j',
		async (afterProcessing) => {
			at.host.holdExecutions = true;
			await watch(afterProcessing);
			expect(at.mailbox.mails).toHaveLength(2);
			at.host.ends[0]?.(succeeded);
			await settle();
			expect(at.mailbox.mails.map(({ subject }) => subject)).toEqual(['two']);
		},
	);

	it('a mailbox without marks is left as it is, and mail flows', async () => {
		at.mailbox.abilities = { marks: false, folders: false };
		await watch({ kind: 'markRead' });
		expect(at.host.subjects).toEqual(['one', 'two']);
		expect(at.host.checkpoint?.open).toEqual([]);
	});

	it('the end is durable before the server is told, and the mail forgotten after it', async () => {
		const phases: string[] = [];
		at.mailbox.onCommand = (name, step) => {
			const phase = at.host.checkpoint?.mails[0]?.phase ?? 'forgotten';
			if (name === 'addFlags') phases.push(`${step}: ${phase}`);
		};
		at.host.watch(at.mailbox);
		await settle();
		await deliver('order');
		expect(phases).toEqual(['begins: ended', 'done: ended']);
		expect(at.host.checkpoint?.mails).toEqual([]);
	});
});

describe('a mark that the server refuses', () => {
	it.each([
		new MailError('mailbox.readOnly'),
		new MailError('mailbox.missing', { subject: 'folder "Done"' }),
		new MailError('server.protocol'),
		// A plain NO, without a code.
		new MailError('server.unavailable', { retryable: true, serverReply: 'Permission denied' }),
		// [OVERQUOTA], of the target folder.
		new MailError('message.tooLarge'),
	])('does not hold up the mails behind it: $code', async (fault) => {
		for (let count = 0; count < 1_000; count++) at.mailbox.changeFaults.push(fault);
		at.host.watch(at.mailbox, { afterProcessing: { kind: 'move', folder: 'Done' } });
		await settle();
		await deliver('one');
		await settle(1_000);
		await deliver('two');
		await settle(10 * 60_000);
		await deliver('three');
		await settle(60_000);
		expect(at.host.subjects).toEqual(['one', 'two', 'three']);
		expect(at.host.warnings.join()).toContain(fault.message);
		expect(at.mailbox.sessions).toHaveLength(1);
		expect(1_000 - at.mailbox.changeFaults.length).toBeLessThan(30);
	});

	it('for a while only comes to be, though the connection was lost meanwhile', async () => {
		at.mailbox.changeFaults.push(new MailError('server.unavailable', { retryable: true }));
		at.host.watch(at.mailbox);
		await settle();
		await deliver('order');
		at.mailbox.cutConnections();
		await settle(60_000);
		expect(read()).toEqual(['order']);
		expect(at.host.subjects).toEqual(['order']);
	});

	it('for a while only comes to be after a restart', async () => {
		at.mailbox.changeFaults.push(new MailError('connection.lost', { retryable: true }));
		at.host.watch(at.mailbox);
		await settle();
		await deliver('order');
		expect(read()).toEqual([]);
		at.host.watchAfterKill(at.mailbox);
		await settle();
		expect(read()).toEqual(['order']);
		expect(at.host.subjects).toEqual(['order']);
	});
});

it('a mail that was read by somebody in the middle of its execution is processed once all the same', async () => {
	at.host.holdExecutions = true;
	at.host.watch(at.mailbox, watchSettings);
	await settle();
	await deliver('order');
	at.mailbox.mails[0]?.flags.add('\\Seen');
	at.host.ends[0]?.(interrupted);
	await settle();
	expect(at.host.attempts).toEqual([1, 2]);
});
