import type { Log, MailboxSession } from '../../mail/ports';
import { silentLog } from '../mail/drivers/imap/imap-connector';
import { startDovecot, type Dovecot } from '../support/dovecot';
import { asClient, headsOf, makeFolder, openFolder } from '../support/imap-folder';

/** Real servers on a busy machine. */
jest.setTimeout(30_000);

const USER = 'support@example.test';

const cleanUp: Array<() => Promise<unknown>> = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

async function open(server: Dovecot, path: string, log: Log = silentLog): Promise<MailboxSession> {
	const session = await openFolder(server, path, log);
	cleanUp.push(async () => await session.close());
	return session;
}

const simple = (subject: string, messageId = `<${subject}@example.test>`) =>
	`From: Ada <ada@example.test>\r\nTo: ${USER}\r\nSubject: ${subject}\r\n` +
	`Date: Tue, 03 Nov 2026 10:15:30 +0100\r\nMessage-ID: ${messageId}\r\n\r\nHello ${subject}.\r\n`;

/** A new folder with these mails; their UIDs count from 1. */
async function folderWith(server: Dovecot, subjects: readonly string[]): Promise<string> {
	const path = await makeFolder(server);
	for (const subject of subjects) await server.append(USER, path, simple(subject));
	return path;
}

const subjectsIn = async (server: Dovecot, path: string) =>
	await asClient(server, async (client) => {
		await client.mailboxOpen(path);
		const rows = await client.fetchAll('1:*', { envelope: true });
		return rows.map(({ envelope }) => envelope?.subject);
	});

/** The ways that servers differ in what they have for moving and deleting. */
const kinds = {
	'with MOVE and UIDPLUS': undefined,
	'without MOVE': 'IMAP4rev1 IDLE NAMESPACE UIDPLUS',
	'without MOVE and UIDPLUS': 'IMAP4rev1 IDLE NAMESPACE',
} as const;

describe.each(Object.entries(kinds))('a server %s', (_title, capabilities) => {
	let server: Dovecot;
	beforeAll(async () => {
		server = await startDovecot({ capabilities, readOnlyFolders: ['Notices'] });
	});
	afterAll(async () => await server.stop());

	it('moves the mails that are named, and no others', async () => {
		const from = await folderWith(server, ['a', 'b', 'c', 'd']);
		const to = await makeFolder(server);
		const session = await open(server, from);
		await session.move([2, 4], to);
		expect(await subjectsIn(server, from)).toEqual(['a', 'c']);
		expect(await subjectsIn(server, to)).toEqual(['b', 'd']);
		expect(await session.search({})).toEqual([1, 3]);
	});

	it('copies, and leaves what was copied', async () => {
		const from = await folderWith(server, ['a', 'b']);
		const to = await makeFolder(server);
		await (await open(server, from)).copy([2], to);
		expect(await subjectsIn(server, from)).toEqual(['a', 'b']);
		expect(await subjectsIn(server, to)).toEqual(['b']);
	});

	it('deletes for good, and again when the mail is gone already', async () => {
		const path = await folderWith(server, ['a', 'b', 'c']);
		const session = await open(server, path);
		await session.delete([1, 3]);
		await session.delete([1]);
		expect(await subjectsIn(server, path)).toEqual(['b']);
	});

	it('never expunges what another client has only marked as deleted', async () => {
		const path = await folderWith(server, ['a', 'marked by another', 'c']);
		const to = await makeFolder(server);
		await asClient(server, async (client) => {
			await client.mailboxOpen(path);
			await client.messageFlagsAdd('2', ['\\Deleted'], { uid: true });
		});
		const session = await open(server, path);
		await session.delete([1]);
		await session.move([3], to);
		expect(await subjectsIn(server, path)).toContain('marked by another');
		expect(await subjectsIn(server, to)).toEqual(['c']);
	});

	it.each(['move', 'copy'] as const)(
		'says which folder is missing that it should %s to, and leaves the mail where it is',
		async (verb) => {
			const path = await folderWith(server, ['a']);
			const session = await open(server, path);
			await expect(session[verb]([1], 'Nowhere')).rejects.toMatchObject({
				code: 'mailbox.missing',
				subject: 'folder "Nowhere"',
				serverReply: expect.stringContaining("doesn't exist") as string,
			});
			expect(await subjectsIn(server, path)).toEqual(['a']);
		},
	);

	it('changes nothing in a folder that may only be read', async () => {
		const session = await open(server, 'Notices');
		const readOnly = { code: 'mailbox.readOnly', subject: 'folder "Notices"' };
		await expect(session.delete([1])).rejects.toMatchObject(readOnly);
		await expect(session.move([1], 'INBOX')).rejects.toMatchObject(readOnly);
		await expect(session.removeFlags([1], ['\\Seen'])).rejects.toMatchObject(readOnly);
	});
});

describe('without UIDPLUS', () => {
	it('a mail whose deletion would take others along stays marked, and the log says so', async () => {
		const server = await startDovecot({ capabilities: 'IMAP4rev1 IDLE NAMESPACE' });
		cleanUp.push(async () => await server.stop());
		const path = await folderWith(server, ['a', 'b']);
		await asClient(server, async (client) => {
			await client.mailboxOpen(path);
			await client.messageFlagsAdd('2', ['\\Deleted'], { uid: true });
		});
		const warnings: string[] = [];
		const session = await open(server, path, {
			...silentLog,
			warn: (message) => warnings.push(message),
		});
		await session.delete([1]);
		const [a] = await headsOf(session, [1]);
		expect(a?.flags).toContain('\\Deleted');
		expect(warnings).toEqual([expect.stringContaining(`folder "${path}"`)]);
	});
});

describe('a mail', () => {
	let server: Dovecot;
	beforeAll(async () => {
		server = await startDovecot();
	});
	afterAll(async () => await server.stop());

	it('loses flags and keywords, whether it had them or not', async () => {
		const path = await folderWith(server, ['a']);
		const session = await open(server, path);
		await session.addFlags([1], ['\\Flagged', 'invoice', '\\Seen']);
		await session.removeFlags([1, 99], ['\\Flagged', 'invoice', 'never-there']);
		const [head] = await headsOf(session, [1]);
		expect(head?.flags).toEqual(['\\Seen']);
	});

	it('is found by its UID, and by its Message-ID once UIDVALIDITY has changed', async () => {
		const path = await folderWith(server, ['a', 'b', 'c']);
		const session = await open(server, path);
		const { uidValidity } = session.folder;
		const reference = { folder: path, uidValidity, uid: 2, messageId: '<b@example.test>' };
		expect(await session.find(reference)).toBe(2);
		expect(await session.find({ ...reference, uidValidity: '1', uid: 1 })).toBe(2);
		expect(await session.find({ ...reference, uid: 77 })).toBe(2);
		expect(await session.find({ ...reference, uid: 77, messageId: '' })).toBeUndefined();
	});

	it('is found by the whole Message-ID, the newest of several', async () => {
		const path = await makeFolder(server);
		for (const id of [
			'<x@example.test>',
			'<x@example.test>',
			'<xx@example.test>',
			'<x@example.tes>',
		]) {
			await server.append(USER, path, simple('same', id));
		}
		const session = await open(server, path);
		const reference = { folder: path, uidValidity: '', uid: 0 };
		expect(await session.find({ ...reference, messageId: '<x@example.test>' })).toBe(2);
		expect(await session.find({ ...reference, messageId: 'x@example.test' })).toBeUndefined();
		expect(await session.search({ messageId: '<x@example.test>' })).toEqual([1, 2]);
	});

	it('is found by what stands in it and how it is marked', async () => {
		const path = await folderWith(server, ['Invoice 1', 'Grüße', 'invoice 2']);
		const session = await open(server, path);
		await session.addFlags([1], ['\\Seen', '\\Flagged']);
		await session.addFlags([3], ['Urgent']);
		expect(await session.search({ subject: 'INVOICE' })).toEqual([1, 3]);
		expect(await session.search({ subject: 'grüße' })).toEqual([2]);
		expect(await session.search({ from: 'ada@' })).toEqual([1, 2, 3]);
		expect(await session.search({ from: 'bob' })).toEqual([]);
		expect(await session.search({ to: USER, text: 'hello invoice' })).toEqual([1, 3]);
		expect(await session.search({ seen: true })).toEqual([1]);
		expect(await session.search({ seen: false })).toEqual([2, 3]);
		expect(await session.search({ seen: true, unseen: true })).toEqual([]);
		expect(await session.search({ flagged: false })).toEqual([2, 3]);
		expect(await session.search({ keyword: 'urgent' })).toEqual([3]);
		const now = Date.now();
		const day = 24 * 60 * 60_000;
		expect(await session.search({ receivedBefore: new Date(now) })).toEqual([1, 2, 3]);
		expect(await session.search({ receivedBefore: new Date(now - 3 * day) })).toEqual([]);
		expect(
			await session.search({
				receivedSince: new Date(now - day),
				receivedBefore: new Date(now + 5 * day),
				flagged: true,
			}),
		).toEqual([1]);
	});

	it('is changed together with thousands of others', async () => {
		const path = await folderWith(server, ['a', 'b']);
		const session = await open(server, path);
		// Every second UID: nothing can be written as a range.
		const many = Array.from({ length: 9_000 }, (_, index) => 2 * index + 1);
		await session.addFlags(many, ['\\Seen']);
		await session.delete(many);
		expect(await subjectsIn(server, path)).toEqual(['b']);
	});
});
