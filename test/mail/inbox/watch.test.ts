import { MailError } from '../../../mail/errors';
import { EXECUTIONS_IN_FLIGHT, SAFETY_POLL_MS } from '../../../mail/limits';
import { MemoryMailbox } from '../../support/memory-mailbox';
import { notStarted, succeeded, WatchHost } from '../../support/watch-host';

let mailbox: MemoryMailbox;
let host: WatchHost;

beforeEach(() => {
	jest.useFakeTimers();
	mailbox = new MemoryMailbox();
	host = new WatchHost();
});

afterEach(async () => {
	await host.close(settle);
	jest.useRealTimers();
});

/** Lets everything happen that can happen without time passing, or within `ms`. */
const settle = (ms = 0) => jest.advanceTimersByTimeAsync(ms);

describe('what the first start takes', () => {
	const old = () => new Date(Date.now() - 60 * 60_000);

	it('is nothing that was there before, by default', async () => {
		mailbox.deliver('old', { receivedAt: old() });
		host.watch(mailbox);
		await settle();
		mailbox.deliver('new');
		await settle();
		expect(host.subjects).toEqual(['new']);
	});

	it('is what was unread, and then everything that arrives', async () => {
		mailbox.deliver('read', { receivedAt: old(), flags: new Set(['\\Seen']) });
		mailbox.deliver('unread', { receivedAt: old() });
		host.watch(mailbox, { startWith: { kind: 'unread' } });
		await settle();
		mailbox.deliver('read elsewhere at once', { flags: new Set(['\\Seen']) });
		await settle();
		expect(host.subjects).toEqual(['unread', 'read elsewhere at once']);
	});

	it('is what was received since a date, to the second', async () => {
		mailbox.deliver('before', { receivedAt: new Date('2026-05-01T11:59:59Z') });
		mailbox.deliver('after', { receivedAt: new Date('2026-05-01T12:00:00Z') });
		host.watch(mailbox, { startWith: { kind: 'since', date: new Date('2026-05-01T12:00:00Z') } });
		await settle();
		expect(host.subjects).toEqual(['after']);
	});

	it('counts the second of the date whole, as servers know no smaller unit', async () => {
		mailbox.deliver('in that second', { receivedAt: new Date('2026-05-01T12:00:00Z') });
		const date = new Date('2026-05-01T12:00:00.400Z');
		host.watch(mailbox, { startWith: { kind: 'since', date } });
		await settle();
		expect(host.subjects).toEqual(['in that second']);
	});

	it('holds the mail that came during a short outage at the start', async () => {
		mailbox.deliver('old', { receivedAt: old() });
		for (let count = 0; count < 3; count++)
			mailbox.openingFaults.push(new MailError('connection.refused'));
		host.watch(mailbox);
		await settle(100);
		mailbox.deliver('during the outage');
		await settle(60_000);
		expect(host.subjects).toEqual(['during the outage']);
	});

	it('is everything', async () => {
		mailbox.deliver('one', { receivedAt: old() });
		mailbox.deliver('two', { receivedAt: old(), flags: new Set(['\\Seen']) });
		host.watch(mailbox, { startWith: { kind: 'all' } });
		await settle();
		expect(host.subjects).toEqual(['one', 'two']);
	});

	it('holds the mail that came while the server could not be reached', async () => {
		mailbox.deliver('old', { receivedAt: old() });
		for (let count = 0; count < 8; count++)
			mailbox.openingFaults.push(new MailError('connection.refused'));
		host.watch(mailbox);
		await settle(60_000);
		mailbox.deliver('during the outage');
		await settle(10 * 60_000);
		expect(host.subjects).toEqual(['during the outage']);
	});
});

describe('processing', () => {
	it('marks a mail as read only after its execution has ended', async () => {
		host.holdExecutions = true;
		host.watch(mailbox);
		await settle();
		mailbox.deliver('order');
		await settle();
		expect(host.subjects).toEqual(['order']);
		expect(mailbox.subjectsWith('\\Seen')).toEqual([]);
		host.ends.shift()?.(succeeded);
		await settle();
		expect(mailbox.subjectsWith('\\Seen')).toEqual(['order']);
	});

	it('leaves the mail as it is when nothing is asked for', async () => {
		host.watch(mailbox, { afterProcessing: { kind: 'nothing' } });
		await settle();
		mailbox.deliver('order');
		await settle();
		expect(mailbox.subjectsWith('\\Seen')).toEqual([]);
	});

	it('goes on in a folder that may only be read, and says so', async () => {
		mailbox.readOnly = true;
		host.watch(mailbox);
		await settle();
		mailbox.deliver('one');
		await settle();
		mailbox.deliver('two');
		await settle();
		expect(host.subjects).toEqual(['one', 'two']);
		expect(host.warnings.join()).toContain('may only be read');
	});

	it('goes on where the server does not understand the mark, and says so', async () => {
		mailbox.flagFault = new MailError('server.protocol', { retryable: true });
		host.watch(mailbox);
		await settle();
		mailbox.deliver('one');
		await settle();
		mailbox.deliver('two');
		await settle(10 * 60_000);
		expect(host.subjects).toEqual(['one', 'two']);
		expect(host.warnings.join()).toContain('does not fit the protocol');
	});

	it('puts waiting mails together as items of one execution, up to the limit', async () => {
		for (let count = 1; count <= 45; count++) mailbox.deliver(`mail ${count}`);
		host.watch(mailbox, { startWith: { kind: 'all' }, messagesPerExecution: 20 });
		await settle();
		expect(host.groups).toEqual([20, 20, 5]);
		expect(host.subjects).toEqual(Array.from({ length: 45 }, (_, index) => `mail ${index + 1}`));
	});

	it('spreads a backlog over the executions that may be under way, no more mails in each than the limit', async () => {
		for (let count = 1; count <= 700; count++) mailbox.deliver(`mail ${count}`);
		const settings = { startWith: { kind: 'all' }, messagesPerExecution: 100 } as const;
		host.watch(mailbox, { ...settings, executionsAtATime: 5 });
		await settle();
		// Two fifths of what waits, and no more than a hundred.
		expect(host.groups.slice(0, 8)).toEqual([100, 100, 100, 100, 100, 80, 48, 29]);
		expect(Math.min(...host.groups.slice(0, -1))).toBe(20);
		expect(host.subjects).toEqual(Array.from({ length: 700 }, (_, index) => `mail ${index + 1}`));
	});

	it('has at most ten executions under way', async () => {
		host.holdExecutions = true;
		for (let count = 0; count < 30; count++) mailbox.deliver();
		host.watch(mailbox, { startWith: { kind: 'all' } });
		await settle();
		expect(host.given).toHaveLength(EXECUTIONS_IN_FLIGHT);
		host.ends.shift()?.(succeeded);
		await settle();
		expect(host.given).toHaveLength(EXECUTIONS_IN_FLIGHT + 1);
	});

	it('gives a mail again when the host could not start its execution', async () => {
		host.nextEnds.push(notStarted);
		host.watch(mailbox);
		await settle();
		mailbox.deliver('order');
		await settle();
		expect(mailbox.subjectsWith('\\Seen')).toEqual([]);
		await settle(5_000);
		expect(host.subjects).toEqual(['order', 'order']);
		expect(host.attempts).toEqual([1, 1]);
		expect(mailbox.subjectsWith('\\Seen')).toEqual(['order']);
	});

	it('gives a mail that cannot be read with its source after three attempts, and the next ones at once', async () => {
		host.watch(mailbox);
		await settle();
		mailbox.deliver('broken', { broken: true });
		mailbox.deliver('fine');
		await settle();
		expect(host.subjects).toEqual(['fine']);
		await settle(60_000);
		const [fine, broken] = host.given;
		expect(broken?.problem?.code).toBe('message.unreadable');
		expect(broken?.source?.content.toString()).toBe('source of 1');
		expect(broken?.decision.matches).toEqual([]);
		expect(fine?.body?.text).toBe('fine');
		expect(mailbox.subjectsWith('\\Seen')).toEqual(['broken', 'fine']);
	});

	it('gives a mail that breaks the rules themselves after three attempts, and the next ones at once', async () => {
		host.watch(mailbox, {
			decide: ({ subject }) => {
				if (subject === 'odd') throw new TypeError('a rule that cannot bear it');
				return { matches: [] };
			},
		});
		await settle();
		mailbox.deliver('odd');
		mailbox.deliver('fine');
		await settle(60_000);
		expect(host.given.map(({ problem }) => problem?.code)).toEqual([
			undefined,
			'message.unreadable',
		]);
		expect(mailbox.subjectsWith('\\Seen')).toEqual(['odd', 'fine']);
	});

	it('goes on without the raw message that was asked for and cannot be had', async () => {
		mailbox.sourcesAreBroken = true;
		host.watch(mailbox, {
			content: { chooseAttachments: () => [], includeSource: true, textCharacters: 1_000_000 },
		});
		await settle();
		mailbox.deliver('one');
		mailbox.deliver('two');
		await settle(60_000);
		expect(host.subjects).toEqual(['one', 'two']);
		expect(host.given[0]?.body?.warnings.join()).toContain('raw message');
		expect(mailbox.sessions).toHaveLength(1);
	});

	it('asks a host that cannot start executions more rarely each time', async () => {
		for (let count = 0; count < 1000; count++) host.nextEnds.push(notStarted);
		host.watch(mailbox);
		await settle();
		mailbox.deliver('order');
		await settle(60 * 60_000);
		expect(host.given.length).toBeLessThan(40);
	});

	it('says what happened when something unexpected ends a connection, and goes on', async () => {
		host.watch(mailbox);
		await settle();
		const [session] = mailbox.sessions;
		if (session !== undefined) session.search = () => Promise.reject(new TypeError('a bug'));
		mailbox.deliver('order');
		await settle(10_000);
		expect(host.warnings.join()).toContain('TypeError: a bug');
		expect(host.subjects).toEqual(['order']);
	});

	it('finds mail that the server never announced', async () => {
		host.watch(mailbox);
		await settle();
		mailbox.announce = () => undefined;
		mailbox.deliver('moved in silently');
		await settle(6 * 60_000);
		expect(host.subjects).toEqual(['moved in silently']);
	});
});

describe('a lost connection', () => {
	it('is restored, and what came meanwhile is taken once', async () => {
		host.watch(mailbox);
		await settle();
		mailbox.deliver('before');
		await settle();
		mailbox.openingFaults.push(
			new MailError('connection.refused'),
			new MailError('connection.timeout'),
		);
		mailbox.cutConnections();
		await settle();
		mailbox.deliver('meanwhile');
		await settle(60_000);
		expect(host.subjects).toEqual(['before', 'meanwhile']);
	});

	it('does not lose the acknowledgement of an execution that ends during the outage', async () => {
		host.holdExecutions = true;
		host.watch(mailbox);
		await settle();
		mailbox.deliver('order');
		await settle();
		mailbox.openingFaults.push(new MailError('connection.refused'));
		mailbox.cutConnections();
		host.ends.shift()?.(succeeded);
		await settle(60_000);
		expect(mailbox.subjectsWith('\\Seen')).toEqual(['order']);
		expect(host.subjects).toEqual(['order']);
	});

	it('is told to the user once when it will not heal by itself, and tried again slowly', async () => {
		for (let count = 0; count < 100; count++)
			mailbox.openingFaults.push(new MailError('auth.rejected'));
		host.watch(mailbox);
		await settle(60 * 60_000);
		expect(host.faults.map(({ code }) => code)).toEqual(['auth.rejected']);
		expect(100 - mailbox.openingFaults.length).toBeLessThanOrEqual(5);
	});

	it('is tried again more rarely, and is back within half a minute whenever the server is', async () => {
		for (let count = 0; count < 1000; count++)
			mailbox.openingFaults.push(new MailError('connection.refused'));
		host.watch(mailbox);
		await settle(60 * 60_000);
		expect(1000 - mailbox.openingFaults.length).toBeLessThan(300);
		mailbox.openingFaults.length = 0;
		mailbox.deliver('at last');
		await settle(30_000);
		expect(host.subjects).toEqual(['at last']);
	});
});

describe('a restart of the process', () => {
	it('goes on where the last one stopped', async () => {
		const first = host.watch(mailbox);
		await settle();
		mailbox.deliver('one');
		await settle();
		await first.stop();
		mailbox.deliver('two');
		host.watch(mailbox);
		await settle();
		expect(host.subjects).toEqual(['one', 'two']);
	});

	it('gives a mail again whose execution died with the process, as a second attempt under a new key', async () => {
		host.holdExecutions = true;
		host.watch(mailbox);
		await settle();
		mailbox.deliver('order');
		await settle();
		// A killed process runs nothing more: its watch is left hanging and only its checkpoint survives.
		host.watchAfterKill(mailbox);
		// The host has no records: it is asked a few times.
		await settle(10_000);
		expect(host.attempts).toEqual([1, 2]);
		expect(new Set(host.given.map(({ deliveryId }) => deliveryId)).size).toBe(1);
		expect(new Set(host.keys).size).toBe(2);
	});

	it('acknowledges an execution that outlives the stop, and the next watch leaves its mail alone', async () => {
		host.holdExecutions = true;
		const first = host.watch(mailbox);
		await settle();
		mailbox.deliver('order');
		await settle();
		const stopped = first.stop();
		await settle(2_000);
		await stopped;
		host.watch(mailbox);
		await settle(30_000);
		expect(host.subjects).toEqual(['order']);
		host.ends.shift()?.(succeeded);
		await settle(30_000);
		expect(mailbox.subjectsWith('\\Seen')).toEqual(['order']);
		expect(host.subjects).toEqual(['order']);
	});

	it('keeps a mail that an execution of many minutes still holds from being given again', async () => {
		host.holdExecutions = true;
		const first = host.watch(mailbox);
		await settle();
		mailbox.deliver('order');
		await settle();
		void first.stop();
		await settle(2_000);
		host.watch(mailbox);
		await settle(20 * 60_000);
		host.ends.shift()?.(succeeded);
		await settle(60_000);
		expect(mailbox.subjectsWith('\\Seen')).toEqual(['order']);
		expect(host.subjects).toEqual(['order']);
	});

	it('does not ask the server again and again while an earlier watch holds a mail', async () => {
		host.holdExecutions = true;
		const first = host.watch(mailbox);
		await settle();
		mailbox.deliver('order');
		await settle();
		void first.stop();
		await settle(2_000);
		host.watch(mailbox);
		await settle();
		const second = mailbox.sessions.at(-1);
		if (second === undefined) throw new Error('the second watch has not connected');
		const search = jest.spyOn(second, 'search');
		await settle(4 * 60_000);
		expect(search.mock.calls.length).toBeLessThanOrEqual((4 * 60_000) / SAFETY_POLL_MS);
	});

	it.each(['all', 'since'] as const)(
		'looks again only at what is unread of %s when its checkpoint was lost',
		async (kind) => {
			mailbox.deliver('older', { receivedAt: new Date('2026-04-30T12:00:00Z') });
			mailbox.deliver('handled', { flags: new Set(['\\Seen']) });
			mailbox.deliver('unhandled');
			const date = new Date('2026-05-01T12:00:00Z');
			host.watch(mailbox, { startWith: kind === 'all' ? { kind } : { kind, date } }, true);
			await settle();
			expect(host.subjects).toEqual(kind === 'all' ? ['older', 'unhandled'] : ['unhandled']);
		},
	);

	it('looks again at what is unread when its checkpoint was lost', async () => {
		mailbox.deliver('handled', { flags: new Set(['\\Seen']) });
		mailbox.deliver('unhandled');
		host.watch(mailbox, {}, true);
		await settle();
		expect(host.subjects).toEqual(['unhandled']);
	});

	it('loses nothing of a backlog that still waited when UIDVALIDITY changed', async () => {
		host.holdExecutions = true;
		for (let count = 1; count <= EXECUTIONS_IN_FLIGHT; count++) {
			mailbox.deliver(`mail ${count}`, { receivedAt: new Date(count * 1_000) });
		}
		mailbox.deliver('an old mail that was moved in', { receivedAt: new Date(1) });
		host.watch(mailbox, { startWith: { kind: 'unread' } });
		await settle();
		expect(host.subjects).not.toContain('an old mail that was moved in');
		// Killed: its watch is left hanging.
		host.holdExecutions = false;
		mailbox.rebuild();
		host.watchAfterKill(mailbox, { startWith: { kind: 'unread' } });
		await settle();
		expect(host.subjects).toContain('an old mail that was moved in');
	});

	it('goes on by time of arrival after UIDVALIDITY changed, and repeats nothing', async () => {
		const first = host.watch(mailbox);
		await settle();
		mailbox.deliver('one', { receivedAt: new Date(Date.now() + 1_000) });
		mailbox.deliver('two', { receivedAt: new Date(Date.now() + 2_000) });
		await settle();
		await first.stop();
		mailbox.rebuild();
		mailbox.deliver('three', { receivedAt: new Date(Date.now() + 3_000) });
		host.watch(mailbox);
		await settle();
		expect(host.subjects).toEqual(['one', 'two', 'three']);
	});
});

describe('stopping', () => {
	it('closes the connection and takes nothing more', async () => {
		const watch = host.watch(mailbox);
		await settle();
		await watch.stop();
		mailbox.deliver('late');
		await settle(60_000);
		expect(host.given).toEqual([]);
		expect(mailbox.sessions.every(({ closed }) => closed)).toBe(true);
	});

	it('takes under two seconds while an execution is under way', async () => {
		host.holdExecutions = true;
		const watch = host.watch(mailbox);
		await settle();
		mailbox.deliver();
		await settle();
		let stopped = false;
		void watch.stop().then(() => (stopped = true));
		await settle(2_000);
		expect(stopped).toBe(true);
	});

	it('takes under two seconds while the server hangs during the opening', async () => {
		mailbox.openFolder = () => new Promise(() => undefined);
		const watch = host.watch(mailbox);
		await settle();
		let stopped = false;
		void watch.stop().then(() => (stopped = true));
		await settle(2_000);
		expect(stopped).toBe(true);
	});
});
