import { createGraphDriver } from '../../../../mail/drivers/graph';
import { GRAPH_KNOWN_IDS, GRAPH_SEEN_IDS } from '../../../../mail/limits';
import type { MailboxDriver, MailboxSession } from '../../../../mail/ports';
import { mail } from '../../../contract/mailbox-driver';
import { graphConnector, startGraphTenant } from '../../../support/graph-mailbox';
import type { MicrosoftTenant } from '../../../support/microsoft-tenant/tenant';
import { silentLog } from '../imap/imap-connector';

const NEVER = new AbortController().signal;

let tenant: MicrosoftTenant;
let driver: MailboxDriver;
let mailbox: ReturnType<MicrosoftTenant['mailbox']>;
let next = 0;

beforeAll(async () => {
	tenant = await startGraphTenant();
});
afterAll(async () => await tenant.close());
beforeEach(() => {
	const { address } = tenant.addUser(`watched${next++}@contoso.example`);
	mailbox = tenant.mailbox(address);
	driver = createGraphDriver(graphConnector(tenant, address), silentLog, { pollMs: 20 });
});

const deliver = async (subject: string, folder?: string, receivedAt?: Date) =>
	await mailbox.deliver(mail(subject), { folder, receivedAt });
const yesterday = () => new Date(Date.now() - 24 * 60 * 60_000);

/** As the engine does: everything from the frontier on. */
class Frontier {
	constructor(
		readonly session: MailboxSession,
		private uid = session.folder.uidNext,
	) {}

	async news(): Promise<string[]> {
		const uids = await this.session.search({ uidFrom: this.uid });
		this.uid = Math.max(this.uid, ...uids.map((uid) => uid + 1));
		const heads = await this.session.fetchHeads(uids);
		return heads.map((entry) => ('head' in entry ? entry.head.subject : 'unreadable'));
	}

	/** The process ends, and another one goes on. */
	async reopen(isNeeded = () => false): Promise<Frontier> {
		const memory: unknown = JSON.parse(JSON.stringify(this.session.toMemory(isNeeded)));
		await this.session.close();
		return new Frontier(await driver.openFolder('INBOX', NEVER, memory), this.uid);
	}
}

const begin = async () => new Frontier(await driver.openFolder('INBOX', NEVER));

describe('the first look', () => {
	it('finds nothing of what was there, old or of this very second', async () => {
		await deliver('old', undefined, yesterday());
		await deliver('just now');
		expect(await (await begin()).news()).toEqual([]);
	});

	it('finds what came since the folder was opened, also where the process ended in between', async () => {
		await deliver('before');
		const opened = await begin();
		await deliver('between');
		const again = await opened.reopen();
		await deliver('after');
		expect(await again.news()).toEqual(['between', 'after']);
		expect(await again.news()).toEqual([]);
	});

	it('gives unread mail its own numbers, and new mail higher ones', async () => {
		await deliver('unread');
		const session = await driver.openFolder('INBOX', NEVER);
		const [unread = 0] = await session.search({ unseen: true });
		const watch = new Frontier(session);
		await deliver('new');
		expect(await watch.news()).toEqual(['new']);
		const heads = await session.fetchHeads([unread]);
		expect(heads).toMatchObject([{ head: { subject: 'unread' } }]);
	});
});

describe('later looks', () => {
	it('find a mail once, in pages that are empty or repeat an item', async () => {
		const watch = await begin();
		await watch.news();
		tenant.delta.emptyPages = 2;
		tenant.delta.repeatsItems = true;
		for (const subject of ['a', 'b', 'c']) await deliver(subject);
		expect(await watch.news()).toEqual(['a', 'b', 'c']);
		tenant.delta.emptyPages = 0;
		tenant.delta.repeatsItems = false;
		expect(await watch.news()).toEqual([]);
	});

	it('take no read mark, flag, category, removal or draft for a mail', async () => {
		const old = await deliver('old');
		const gone = await deliver('gone');
		const watch = await begin();
		await watch.news();
		mailbox.update(old, { isRead: true });
		mailbox.update(old, { categories: ['Red'] });
		mailbox.remove(gone);
		mailbox.update(await deliver('draft'), { isDraft: true });
		expect(await watch.news()).toEqual([]);
		mailbox.update(old, { isRead: false });
		expect(await (await watch.reopen()).news()).toEqual([]);
	});

	it('find a mail that was moved in, however old, and not one that was moved away and back', async () => {
		const moved = await deliver('moved in', 'archive', yesterday());
		const watch = await begin();
		await watch.news();
		mailbox.move(moved, mailbox.folder('inbox'));
		expect(await watch.news()).toEqual(['moved in']);
		mailbox.move(moved, mailbox.folder('archive'));
		expect(await watch.news()).toEqual([]);
		mailbox.move(moved, mailbox.folder('inbox'));
		expect(await watch.news()).toEqual([]);
	});

	it('leave out the first mail of an empty folder where it was moved away and back', async () => {
		const watch = await begin();
		const first = await deliver('first');
		expect(await watch.news()).toEqual(['first']);
		// Away while the first look is made, which is told of nothing that was there before, and then once more.
		for (let times = 0; times < 2; times++) {
			mailbox.move(first, mailbox.folder('archive'));
			expect(await watch.news()).toEqual([]);
			mailbox.move(first, mailbox.folder('inbox'));
			expect(await watch.news()).toEqual([]);
		}
	});

	it.each([
		['while it is watched', false],
		['while nobody watches', true],
	])('find a mail again that left before it was finished, and came back %s', async (_, isAway) => {
		await deliver('before');
		let watch = await begin();
		await watch.news();
		const moved = await deliver('moved');
		expect(await watch.news()).toEqual(['moved']);
		watch.session.toMemory(() => true);
		mailbox.move(moved, mailbox.folder('archive'));
		if (isAway) watch = await watch.reopen(() => true);
		expect(await watch.news()).toEqual([]);
		mailbox.move(moved, mailbox.folder('inbox'));
		expect(await watch.news()).toEqual(['moved']);
	});

	it('leave out a mail that was moved away before it was read, and find it when it is back', async () => {
		await deliver('before');
		const { session } = await begin();
		const moved = await deliver('moved');
		const [uid = 0] = await session.search({ uidFrom: session.folder.uidNext });
		mailbox.move(moved, mailbox.folder('archive'));
		expect(await session.fetchHeads([uid])).toEqual([]);
		mailbox.move(moved, mailbox.folder('inbox'));
		const [again = 0] = await session.search({ uidFrom: uid + 1 });
		expect(await session.fetchHeads([again])).toMatchObject([{ head: { subject: 'moved' } }]);
	});
});

describe.each(['gone', 'syncStateNotFound', 'resyncRequired'] as const)(
	'a token that is too old (%s)',
	(answer) => {
		it('loses nothing and repeats nothing, also over a restart', async () => {
			await deliver('old', undefined, yesterday());
			let watch = await begin();
			await deliver('first');
			expect(await watch.news()).toEqual(['first']);
			await deliver('second');
			tenant.delta.expireAll(answer);
			expect(await watch.news()).toEqual(['second']);
			await deliver('third');
			tenant.delta.expireAll(answer);
			watch = await watch.reopen();
			await deliver('fourth');
			const news = [...(await watch.news()), ...(await watch.news())];
			expect(news).toEqual(['third', 'fourth']);
			expect(await watch.news()).toEqual([]);
		});
	},
);

describe('what is remembered', () => {
	it('does not grow with the folder', async () => {
		const watch = await begin();
		const content = (await deliver('template')).content;
		const inbox = mailbox.folder('inbox');
		for (let index = 0; index < GRAPH_SEEN_IDS + 500; index++) {
			const receivedMs = index < 1_000 ? yesterday().getTime() : Date.now();
			mailbox.add({ content: { ...content, subject: String(index) }, receivedMs }, inbox);
		}
		const { session } = watch;
		const uids = await session.search({ uidFrom: 1 + session.folder.uidNext });
		expect(uids).toHaveLength(GRAPH_SEEN_IDS + 500);
		const needed = new Set(uids.slice(0, 3));
		const memory = JSON.stringify(session.toMemory((uid) => needed.has(uid)));
		expect(memory.length).toBeLessThan(GRAPH_SEEN_IDS * 8 + (GRAPH_KNOWN_IDS + 3) * 60 + 2_000);
		const again = await driver.openFolder('INBOX', NEVER, JSON.parse(memory));
		const [first = 0] = uids;
		expect(await again.fetchHeads([first])).toHaveLength(1);
		expect(again.folder.uidNext).toBe(session.folder.uidNext + uids.length + 1);
		// Nothing of a folder that is larger than the memory comes again when its token is too old.
		tenant.delta.expireAll();
		const latest = await driver.openFolder('INBOX', NEVER, JSON.parse(memory));
		expect(latest.folder.uidNext).toBe(again.folder.uidNext);
	});

	it('begins anew where it is of another folder, or nonsense', async () => {
		await deliver('a');
		const session = await driver.openFolder('INBOX', NEVER);
		const memory: unknown = session.toMemory();
		const others = [
			await driver.openFolder('archive', NEVER, memory),
			await driver.openFolder('INBOX', NEVER, { numbers: 1 }),
			await driver.openFolder('INBOX', NEVER, 'nonsense'),
		];
		for (const { folder } of others)
			expect(folder.uidValidity).not.toBe(session.folder.uidValidity);
	});
});
