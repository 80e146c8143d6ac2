import { MailError } from '../../../mail/errors';
import { shareMailbox } from '../../../mail/inbox/shared-mailbox';
import type { MailboxSession } from '../../../mail/ports';
import { MemoryMailbox } from '../../support/memory-mailbox';
import { WatchHost, watchSettings } from '../../support/watch-host';

let mailbox: MemoryMailbox;
let keys = 0;
let key: string;
const sessions: MailboxSession[] = [];
const patience = () => new AbortController().signal;

beforeEach(() => {
	jest.useFakeTimers();
	mailbox = new MemoryMailbox();
	key = `account ${++keys}`;
});

afterEach(async () => {
	for (const session of sessions.splice(0)) await session.close();
	jest.useRealTimers();
});

async function open(path = 'INBOX', accessKey = key): Promise<MailboxSession> {
	const session = await shareMailbox(accessKey, mailbox).openFolder(path, patience());
	sessions.push(session);
	return session;
}

describe('sessions of one account and folder', () => {
	it('use one connection, which the last one to leave closes', async () => {
		const [first, second] = await Promise.all([open(), open()]);
		const third = await open();
		expect(mailbox.sessions).toHaveLength(1);
		await first.close();
		await second.close();
		expect(mailbox.sessions[0]?.closed).toBe(false);
		await third.close();
		expect(mailbox.sessions[0]?.closed).toBe(true);
		await open();
		expect(mailbox.sessions).toHaveLength(2);
	});

	it('have connections of their own for other folders and other accounts', async () => {
		await open();
		await open('Archive');
		await open('INBOX', 'another account');
		expect(mailbox.sessions).toHaveLength(3);
	});

	it('never run two commands at a time, though all of them wait for news', async () => {
		// The memory mailbox throws on a command during another, and counts waiting as one.
		const mail = mailbox.deliver('one');
		const [first, second] = await Promise.all([open(), open()]);
		const waits = [first, second].map((session) => session.waitForChange(1_000, patience()));
		const found = await Promise.all([
			first.search({}),
			second.search({}),
			second.fetchReceivedAt([mail.uid]),
			first.addFlags([mail.uid], ['\\Seen']),
		]);
		expect(found.slice(0, 2)).toEqual([[1], [1]]);
		expect(mailbox.subjectsWith('\\Seen')).toEqual(['one']);
		await jest.advanceTimersByTimeAsync(1_000);
		expect(await Promise.all(waits)).toEqual(['timeout', 'timeout']);
	});

	it('all hear what the server announces, also those that were busy then', async () => {
		const [first, second] = await Promise.all([open(), open()]);
		const heard = first.waitForChange(60_000, patience());
		await jest.advanceTimersByTimeAsync(0);
		mailbox.deliver('one');
		await jest.advanceTimersByTimeAsync(0);
		expect(await heard).toBe('changed');
		expect(await second.waitForChange(60_000, patience())).toBe('changed');
	});

	it('know the folder as it is now when they join late', async () => {
		await open();
		mailbox.deliver('one');
		mailbox.deliver('two');
		expect((await open()).folder.uidNext).toBe(3);
	});

	it('all learn that the connection is lost, and the next one gets a new connection', async () => {
		const [first, second] = await Promise.all([open(), open()]);
		const waits = [first, second].map((session) =>
			session.waitForChange(60_000, patience()).catch((error: unknown) => error),
		);
		await jest.advanceTimersByTimeAsync(0);
		mailbox.cutConnections();
		for (const outcome of await Promise.all(waits)) {
			expect(outcome).toMatchObject({ code: 'connection.lost' });
		}
		await expect(second.search({})).rejects.toMatchObject({ code: 'connection.lost' });
		const third = await open();
		expect(await third.search({})).toEqual([]);
		expect(mailbox.sessions).toHaveLength(2);
	});

	it('keep others waiting while an attachment is read', async () => {
		const [first, second] = await Promise.all([open(), open()]);
		const { uid } = mailbox.deliver('one');
		const [entry] = await first.fetchHeads([uid]);
		if (entry === undefined || !('head' in entry)) throw new Error('no head');
		const stream = await first.openAttachment(entry.head, {
			part: '2',
			fileName: 'a.pdf',
			mimeType: 'application/pdf',
			encodedSizeBytes: 10,
			contentId: '',
			inline: false,
		});
		let isFound = false;
		const search = second.search({}).then(() => (isFound = true));
		await jest.advanceTimersByTimeAsync(10);
		expect(isFound).toBe(false);
		stream.destroy();
		await search;
		expect(isFound).toBe(true);
	});

	it('share a failed opening, and the next try opens again', async () => {
		mailbox.openingFaults.push(new MailError('auth.rejected'));
		const outcomes = await Promise.allSettled([open(), open()]);
		expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
		await open();
		expect(mailbox.sessions).toHaveLength(1);
	});

	it('let go of an opening that nobody waits for any more', async () => {
		const aborts: string[] = [];
		const hanging = new MemoryMailbox();
		hanging.openFolder = (_path: string, signal?: AbortSignal) =>
			new Promise((_resolve, reject) => {
				signal?.addEventListener('abort', () => {
					aborts.push('aborted');
					reject(new MailError('connection.lost'));
				});
			});
		const driver = shareMailbox(key, hanging);
		const [one, two] = [new AbortController(), new AbortController()];
		const openings = [one, two].map(({ signal }) =>
			driver.openFolder('INBOX', signal).catch((error: unknown) => error),
		);
		one.abort();
		await openings[0];
		expect(aborts).toEqual([]);
		two.abort();
		await Promise.all(openings);
		expect(aborts).toEqual(['aborted']);
	});
});

it('two triggers on one mailbox with one connection both get every mail', async () => {
	const hosts = [new WatchHost(), new WatchHost()];
	const driver = shareMailbox(key, mailbox);
	const shared = Object.assign(Object.create(mailbox), {
		openFolder: driver.openFolder.bind(driver),
	});
	hosts.forEach((host, index) =>
		host.watch(shared, { ...watchSettings, watchKey: `trigger ${index} of ${key}` }),
	);
	await jest.advanceTimersByTimeAsync(0);
	for (let count = 1; count <= 30; count++) {
		mailbox.deliver(`mail ${count}`);
		await jest.advanceTimersByTimeAsync(count % 3 === 0 ? 1 : 0);
	}
	await jest.advanceTimersByTimeAsync(1_000);
	const all = Array.from({ length: 30 }, (_, index) => `mail ${index + 1}`);
	for (const host of hosts) expect(host.subjects).toEqual(all);
	expect(mailbox.sessions).toHaveLength(1);
	for (const host of hosts) await host.close((ms) => jest.advanceTimersByTimeAsync(ms));
	expect(mailbox.sessions[0]?.closed).toBe(true);
});

it('a watch that joins after the newest mail has gone does not take the mailbox for another one', async () => {
	for (let count = 0; count < 20; count++) {
		mailbox.deliver(`old ${count}`, { receivedAt: new Date(Date.now() - 60_000) });
	}
	const host = new WatchHost();
	const driver = shareMailbox(key, mailbox);
	const settings = { afterProcessing: { kind: 'delete' } } as const;
	host.watch(driver, { ...settings, watchKey: `${key} stays` });
	const first = host.watch(driver, {
		...settings,
		watchKey: `${key} again`,
		afterProcessing: { kind: 'nothing' },
	});
	await jest.advanceTimersByTimeAsync(0);
	for (const subject of ['one', 'two']) mailbox.deliver(subject);
	await jest.advanceTimersByTimeAsync(1_000);
	expect(mailbox.mails).toHaveLength(20);
	await Promise.all([first.stop(), jest.advanceTimersByTimeAsync(2_000)]);

	const heads = jest.fn();
	mailbox.onCommand = (name) => void (name === 'fetchHeads' && heads());
	host.watch(driver, { ...settings, watchKey: `${key} again` });
	await jest.advanceTimersByTimeAsync(60_000);
	expect(mailbox.sessions).toHaveLength(1);
	expect(heads).not.toHaveBeenCalled();
	await host.close(async (ms) => await jest.advanceTimersByTimeAsync(ms));
});

it('watches of one mailbox renew a sign-in that ends one after the other, with one connection for all', async () => {
	const hosts = [new WatchHost(), new WatchHost(), new WatchHost()];
	const driver = shareMailbox(key, mailbox);
	mailbox.signInEndsAt = Date.now() + 60 * 60_000;
	hosts.forEach((host, index) =>
		host.watch(driver, { ...watchSettings, watchKey: `trigger ${index} of ${key}` }),
	);
	await jest.advanceTimersByTimeAsync(54 * 60_000);
	expect(mailbox.sessions).toHaveLength(1);
	mailbox.signInEndsAt = undefined;
	for (let count = 1; count <= 120; count++) {
		mailbox.deliver(`mail ${count}`);
		await jest.advanceTimersByTimeAsync(1_000);
	}
	expect(mailbox.sessions.map(({ closed }) => closed)).toEqual([true, false]);
	const all = Array.from({ length: 120 }, (_, index) => `mail ${index + 1}`);
	for (const host of hosts) {
		expect(host.subjects).toEqual(all);
		expect(host.faults).toEqual([]);
		await host.close((ms) => jest.advanceTimersByTimeAsync(ms));
	}
});
