import { MailError } from '../../../mail/errors';
import { ATTEMPTS, BATCH_MESSAGES, INTERRUPTIONS, READING_LOSSES } from '../../../mail/limits';
import type { WatchSettings } from '../../../mail/inbox/watch';
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

const timesOf = (command: string) => {
	const times: number[] = [];
	const from = Date.now();
	at.mailbox.onCommand = (name, step) => {
		if (name === command && step === 'begins') times.push(Math.round((Date.now() - from) / 1_000));
	};
	return times;
};
const givenTo = (subject: string) => at.host.given.filter(({ head }) => head?.subject === subject);

describe('a mail that cannot be read', () => {
	it('is tried three times, after five and after thirty seconds, and then told', async () => {
		const times = timesOf('fetchBodies');
		at.mailbox.deliver('broken', { broken: true });
		at.host.watch(at.mailbox, batched);
		await settle(5 * 60_000);
		expect(times).toEqual([0, 5, 35]);
		expect(at.host.given).toHaveLength(1);
		expect(at.host.given[0]).toMatchObject({
			attempt: 1,
			head: { subject: 'broken' },
			problem: { code: 'message.unreadable' },
			decision: { matches: [] },
		});
		expect(at.host.given[0]?.source?.content.toString()).toBe('source of 1');
		expect(at.host.checkpoint?.open).toEqual([]);
	});

	it('holds up none of a hundred', async () => {
		for (let count = 1; count <= 100; count++) {
			at.mailbox.deliver(`mail ${count}`, { broken: count === 42 });
		}
		at.host.watch(at.mailbox, batched);
		await settle();
		expect(at.host.given).toHaveLength(99);
		await settle(60_000);
		expect(at.host.subjects.at(-1)).toBe('mail 42');
		expect(new Set(at.host.subjects).size).toBe(100);
	});

	it('is given as it should be when a later attempt succeeds', async () => {
		const mail = at.mailbox.deliver('odd', { broken: true });
		at.host.watch(at.mailbox, batched);
		await settle();
		Object.assign(mail, { broken: false });
		await settle(5_000);
		expect(at.host.given).toHaveLength(1);
		expect(at.host.given[0]?.problem).toBeUndefined();
		expect(at.host.given[0]?.body?.text).toBe('odd');
	});

	it('is told without its source where that cannot be read either', async () => {
		at.mailbox.sourcesAreBroken = true;
		at.mailbox.deliver('broken', { broken: true });
		at.host.watch(at.mailbox, batched);
		await settle(60_000);
		expect(at.host.given[0]?.problem?.code).toBe('message.unreadable');
		expect(at.host.given[0]?.source).toBeUndefined();
	});

	it('is told once, whatever becomes of that execution', async () => {
		at.host.toEnd = () => failed;
		at.mailbox.deliver('broken', { broken: true });
		at.host.watch(at.mailbox, { ...batched, acknowledge: 'succeeded' });
		await settle(30 * 60_000);
		expect(at.host.given).toHaveLength(1);
		expect(at.mailbox.subjectsWith('\\Seen')).toEqual(['broken']);
	});

	it('does not count its attempts from the beginning after a restart', async () => {
		at.mailbox.deliver('broken', { broken: true });
		const times = timesOf('fetchBodies');
		at.host.watch(at.mailbox, batched);
		await settle(10_000);
		// Something else is saved meanwhile.
		at.mailbox.deliver('fine');
		await settle();
		at.mailbox.cutConnections();
		at.host.watchAfterKill(at.mailbox, batched);
		await settle(60_000);
		expect(givenTo('broken')).toHaveLength(1);
		expect(times.length).toBeLessThanOrEqual(ATTEMPTS + 2);
	});
});

describe('a mail that is deleted while it is read', () => {
	const calendar = {
		part: '2',
		fileName: 'invite.ics',
		mimeType: 'text/calendar',
		encodedSizeBytes: 400,
		contentId: '',
		inline: false,
	};
	/** The text is asked for where the rules cannot do without, once the facts are known. */
	const frugal: Partial<WatchSettings> = {
		...batched,
		content: { ...watchSettings.content, includeText: false },
		decide: (_head, { text, facts }) => ({
			matches: [],
			needsText: text === undefined && facts !== undefined,
		}),
	};

	it.each(['before its text', 'between its facts and its text'])(
		'%s is gone, and no failure',
		async (when) => {
			at.mailbox.deliver('before', { attachments: [calendar] });
			const { uid } = at.mailbox.deliver('invitation', { attachments: [calendar] });
			at.mailbox.deliver('after', { attachments: [calendar] });
			let readings = when === 'before its text' ? 0 : 1;
			at.mailbox.onCommand = (name, step) => {
				if (name !== 'fetchBodies' || step !== 'begins' || readings-- > 0) return;
				if (at.mailbox.mails.some((mail) => mail.uid === uid)) at.mailbox.expunge(uid);
			};
			// It is not even worth another attempt.
			at.host.watch(at.mailbox, { ...frugal, attempts: 1 });
			await settle(5 * 60_000);
			expect(at.host.subjects).toEqual(['before', 'after']);
			expect(at.host.given.map(({ problem }) => problem)).toEqual([undefined, undefined]);
			expect(at.host.checkpoint?.open).toEqual([]);
		},
	);
});

describe('a mail whose reading ends the connection', () => {
	it('is given unread in the end, without being read once more', async () => {
		at.mailbox.deliver('deadly', { deadly: true });
		at.host.watch(at.mailbox, batched);
		await settle(10 * 60_000);
		expect(at.host.given).toHaveLength(1);
		expect(at.host.given[0]).toMatchObject({
			uid: 1,
			attempt: 1,
			problem: { code: 'message.unreadable' },
			reference: { uid: 1, folder: 'INBOX' },
		});
		expect(at.host.given[0]?.source).toBeUndefined();
		expect(at.mailbox.sessions.length).toBeLessThanOrEqual(READING_LOSSES + 1);
		expect(at.mailbox.subjectsWith('\\Seen')).toEqual(['deadly']);
	});

	it('lets the others flow meanwhile, those before it and those behind it', async () => {
		for (let count = 1; count <= 30; count++) {
			at.mailbox.deliver(`mail ${count}`, { deadly: count === 10 });
		}
		at.host.watch(at.mailbox, batched);
		await settle(5_000);
		expect(new Set(at.host.subjects).size).toBe(29);
		await settle(10 * 60_000);
		expect(at.host.given).toHaveLength(30);
		expect(at.host.given.at(-1)).toMatchObject({
			uid: 10,
			problem: { code: 'message.unreadable' },
		});
	});

	it('ends the process no more than a few times, and the others flow in between', async () => {
		let lives = 0;
		for (const subject of ['one', 'killer', 'two', 'three']) at.mailbox.deliver(subject);
		// What this process would do after its death does not count: it never gets an answer.
		at.mailbox.onCommand = (name, step) => {
			if (name !== 'fetchBodies' || step !== 'begins') return;
			if (at.host.checkpoint?.mails.find(({ uid }) => uid === 2)?.phase !== 'reading') return;
			lives++;
			return new Promise(() => undefined);
		};
		at.host.watch(at.mailbox, batched);
		await settle(10_000);
		const flowing: number[] = [];
		while (at.mailbox.subjectsWith('\\Seen').length < 4 && lives < 20) {
			at.host.watchAfterKill(at.mailbox, batched);
			await settle(10 * 60_000);
			flowing.push(at.mailbox.subjectsWith('\\Seen').length);
		}
		expect(flowing[1]).toBe(3);
		expect(lives).toBe(READING_LOSSES);
		expect(at.host.given.at(-1)).toMatchObject({
			uid: 2,
			problem: { code: 'message.unreadable' },
		});
		expect(at.host.given).toHaveLength(4);
	});

	it('is not to blame where the server wants to be left alone', async () => {
		for (let count = 0; count < 20; count++) {
			at.mailbox.headFaults.push(new MailError('server.throttled', { retryable: true }));
		}
		at.mailbox.deliver('order');
		at.host.watch(at.mailbox, batched);
		await settle(3 * 60 * 60_000);
		expect(at.host.given).toMatchObject([{ head: { subject: 'order' }, attempt: 1 }]);
		expect(at.host.given[0]?.problem).toBeUndefined();
	});
});

describe('a mail whose executions are interrupted again and again', () => {
	it('is tried five times and then told', async () => {
		at.host.toEnd = ([message]) => (message?.problem === undefined ? interrupted : succeeded);
		at.host.watch(at.mailbox);
		await settle();
		at.mailbox.deliver('order');
		await settle(10 * 60_000);
		expect(at.host.attempts).toEqual([1, 2, 3, 4, 5, 6]);
		expect(at.host.given.map(({ problem }) => problem?.code)).toEqual([
			...Array.from({ length: INTERRUPTIONS }, () => undefined),
			'message.givenUp',
		]);
		expect(at.host.given.at(-1)?.problem?.message).toContain(`ended ${INTERRUPTIONS} times`);
		expect(at.mailbox.subjectsWith('\\Seen')).toEqual(['order']);
	});

	it('is tried as often over restarts', async () => {
		at.host.holdExecutions = true;
		at.mailbox.deliver('order');
		at.host.watch(at.mailbox, { startWith: { kind: 'all' } });
		await settle();
		for (let life = 0; life < INTERRUPTIONS; life++) {
			for (const key of at.host.keys) at.host.records.set(key, 'interrupted');
			at.host.watchAfterKill(at.mailbox);
			await settle(5 * 60_000);
		}
		expect(at.host.attempts).toEqual([1, 2, 3, 4, 5, 6]);
		expect(at.host.given.at(-1)?.problem?.code).toBe('message.givenUp');
	});

	it('comes by itself from the second time on, since it may be the reason', async () => {
		at.host.toEnd = (messages) => (messages.length > 1 ? interrupted : succeeded);
		for (let count = 0; count < 5; count++) at.mailbox.deliver();
		at.host.watch(at.mailbox, batched);
		await settle(10_000);
		expect(at.host.groups).toEqual([5, 5, 1, 1, 1, 1, 1]);
		expect(at.mailbox.subjectsWith('\\Seen')).toHaveLength(5);
	});
});
