import { Readable } from 'node:stream';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openMailbox, type Mailbox } from '../../../../demo/mail-server/mailbox';
import { createImapDriver, createSentFolder } from '../../../../mail/drivers/imap';
import type { MailboxSession } from '../../../../mail/ports';
import { imapConnector, silentLog } from './imap-connector';

const NEVER = new AbortController().signal;
const account = { user: 'ada@example.test', password: 'ada-password' };
const mail = (subject: string) =>
	Buffer.from(
		`From: Bob <bob@example.test>\r\nTo: ada@example.test\r\nSubject: ${subject}\r\n` +
			`Date: Tue, 03 Nov 2026 10:15:30 +0100\r\nMessage-ID: <${subject}@example.test>\r\n\r\nHello.\r\n`,
	);

let mailbox: Mailbox;
let session: MailboxSession | undefined;
beforeEach(async () => {
	mailbox = await openMailbox(account);
});
afterEach(async () => {
	await session?.close();
	session = undefined;
	await mailbox.close();
});

const connector = () => imapConnector({ port: mailbox.imapPort, ...account });

async function open(path = 'INBOX'): Promise<MailboxSession> {
	session = await createImapDriver(connector(), silentLog).openFolder(path, NEVER);
	return session;
}

/** A second implementation of IMAP beside Dovecot: what both agree on is no habit of one server. */
describe('the driver against the embedded server', () => {
	it('lists folders with their special uses', async () => {
		const folders = await createImapDriver(connector(), silentLog).listFolders(NEVER);
		expect(folders).toContainEqual({ path: 'INBOX', specialUse: '\\Inbox', selectable: true });
		expect(folders).toContainEqual({ path: 'Sent', specialUse: '\\Sent', selectable: true });
	});

	it('hears of new mail at once, reads it and marks it', async () => {
		const inbox = await open();
		const { uidNext } = inbox.folder;
		const waiting = inbox.waitForChange(10_000, NEVER);
		setTimeout(() => mailbox.deliver(mail('news')), 50);
		await expect(waiting).resolves.toBe('changed');

		const uids = await inbox.search({ uidFrom: uidNext, unseen: true });
		const [found] = await inbox.fetchHeads(uids);
		expect(found).toMatchObject({
			head: {
				subject: 'news',
				messageId: '<news@example.test>',
				from: [{ name: 'Bob', address: 'bob@example.test' }],
				sentAt: new Date('2026-11-03T09:15:30Z'),
			},
		});
		await inbox.addFlags(uids, ['\\Seen']);
		expect(mailbox.seenCount()).toBe(1);
		expect(await inbox.search({ unseen: true })).toEqual([]);
	});

	it('appends the same bytes to the Sent folder', async () => {
		const sent = createSentFolder(connector(), silentLog);
		const source = mail('copy');
		const path = await sent.append({
			messageId: '<copy@example.test>',
			envelope: { from: account.user, to: ['bob@example.test'] },
			needsSmtpUtf8: false,
			sizeBytes: source.length,
			open: () => {
				throw new Error('not needed');
			},
			copy: { sizeBytes: source.length, open: () => Readable.from(source) },
			dispose: async () => await Promise.resolve(),
		});
		await sent.close();
		expect(path).toBe('Sent');
		expect(mailbox.messages('Sent')).toEqual([source]);
	});

	it('reads every mail of the corpus', async () => {
		const folder = join(__dirname, '../../../corpus');
		const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
			name.endsWith('.eml'),
		);
		for (const name of names) mailbox.deliver(readFileSync(join(folder, name)));
		const inbox = await open();
		const heads = (await inbox.fetchHeads(await inbox.search({}))).flatMap((entry) =>
			'head' in entry ? [entry.head] : [],
		);
		expect(heads).toHaveLength(names.length);
		const bodies = await inbox.fetchBodies(
			heads.map((head) => ({ head, want: { attachments: head.attachments } })),
		);
		expect(bodies.filter((entry) => 'error' in entry)).toEqual([]);
	});
});
