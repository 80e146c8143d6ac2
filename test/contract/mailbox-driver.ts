import type { MessageHead } from '../../mail/message';
import type { MailboxDriver, MailboxSession, MessageReference } from '../../mail/ports';
import { CLOSE_GRACE_MS } from '../../mail/limits';

/** A mailbox of one test. */
export interface ContractMailbox {
	readonly driver: MailboxDriver;
	/** Empty at the beginning. */
	readonly folder: string;
	/** Another folder, where the driver has several. */
	readonly otherFolder?: string;
	/** A new mail in `folder`; resolves when the server has it. */
	deliver(source: string): Promise<void>;
	/** Somebody else removes the mail for good. */
	remove(subject: string): Promise<void>;
	/** Subjects of what is on the server, by other means than the driver. */
	subjects(folder: string): Promise<string[]>;
	/** The server shows the parts of a delivery report as they came; absent: it does. */
	readonly showsReports?: boolean;
	/** The server keeps its connections and answers nothing; where the test can do that. */
	freeze?(): void;
	thaw?(): void;
}

const NEVER = new AbortController().signal;

/** Scheduling and the end of sockets take their time. */
const SLACK_MS = 300;

const PATIENCE_MS = 10_000;

export function mail(subject: string, text = `Text of ${subject}.`): string {
	return [
		'From: Ada <ada@example.test>',
		'To: support@example.test',
		`Subject: ${subject}`,
		'Date: Tue, 03 Nov 2026 10:15:30 +0100',
		`Message-ID: <${subject}@example.test>`,
		'Content-Type: text/plain; charset=utf-8',
		'',
		text,
		'',
	].join('\r\n');
}

const FILE = Buffer.from(Array.from({ length: 200_000 }, (_, index) => (index * 7) % 256));

function mailWithFile(subject: string): string {
	return [
		'From: Ada <ada@example.test>',
		`Subject: ${subject}`,
		`Message-ID: <${subject}@example.test>`,
		'MIME-Version: 1.0',
		'Content-Type: multipart/mixed; boundary="=-b"',
		'',
		'--=-b',
		'Content-Type: text/plain',
		'',
		'See the files.',
		'.a line that begins with a dot',
		'--=-b',
		'Content-Type: application/octet-stream; name="all-bytes.bin"',
		'Content-Disposition: attachment; filename="all-bytes.bin"',
		'Content-Transfer-Encoding: base64',
		'',
		(FILE.toString('base64').match(/.{1,76}/g) ?? []).join('\r\n'),
		'--=-b',
		'Content-Type: text/csv; charset=iso-8859-1; name="table.csv"',
		'Content-Disposition: attachment',
		'Content-Transfer-Encoding: quoted-printable',
		'',
		'caf=E9;=',
		'1',
		'--=-b--',
		'',
	].join('\r\n');
}

function mailWithReport(subject: string): string {
	return [
		'From: Mail System <mailer-daemon@example.test>',
		`Subject: ${subject}`,
		`Message-ID: <${subject}@example.test>`,
		'MIME-Version: 1.0',
		'Content-Type: multipart/report; report-type=delivery-status; boundary="=-b"',
		'',
		'--=-b',
		'Content-Type: text/plain',
		'',
		'Not delivered.',
		'--=-b',
		'Content-Type: message/delivery-status',
		'Content-Transfer-Encoding: base64',
		'',
		Buffer.from('Final-Recipient: rfc822; jürgen@example.test').toString('base64'),
		'--=-b',
		'Content-Type: message/rfc822',
		'',
		'Message-ID: <1@example.test>',
		'Subject: A long subject',
		'',
		'Text of the mail that came back.',
		'--=-b--',
		'',
	].join('\r\n');
}

/**
 * What every driver of a mailbox has to show, see `mail/ports.ts`.
 * @param openMailbox a fresh mailbox for each test; it is cleaned up by the caller
 */
export function describeMailboxDriver(openMailbox: () => Promise<ContractMailbox>): void {
	let mailbox: ContractMailbox;
	const sessions: MailboxSession[] = [];

	beforeEach(async () => {
		mailbox = await openMailbox();
	});
	afterEach(async () => {
		mailbox.thaw?.();
		await Promise.all(sessions.splice(0).map(async (session) => await session.close()));
	});

	async function open(memory?: unknown): Promise<MailboxSession> {
		const session = await mailbox.driver.openFolder(mailbox.folder, NEVER, memory);
		sessions.push(session);
		return session;
	}

	async function deliver(...subjects: string[]): Promise<void> {
		for (const subject of subjects) await mailbox.deliver(mail(subject));
	}

	async function headsOf(session: MailboxSession, uids?: readonly number[]) {
		const fetched = await session.fetchHeads(uids ?? (await session.search({})));
		return fetched.map((entry): MessageHead => {
			if ('error' in entry) throw entry.error;
			return entry.head;
		});
	}

	async function onlyHead(session: MailboxSession): Promise<MessageHead> {
		const [head, ...more] = await headsOf(session);
		if (head === undefined || more.length > 0) throw new Error('not one mail');
		return head;
	}

	/** UID by subject. */
	async function numbersOf(session: MailboxSession): Promise<Record<string, number>> {
		const heads = await headsOf(session);
		return Object.fromEntries(heads.map(({ subject, uid }) => [subject, uid]));
	}

	/** As `numbersOf`, as soon as there are `count` mails: a server may tell of something else first. */
	async function numbersOnceThereAre(session: MailboxSession, count: number) {
		const deadline = Date.now() + PATIENCE_MS;
		for (;;) {
			await session.waitForChange(1_000, NEVER);
			const numbers = await numbersOf(session);
			if (Object.keys(numbers).length === count || Date.now() > deadline) return numbers;
		}
	}

	function referenceTo(session: MailboxSession, head: MessageHead): MessageReference {
		return {
			folder: session.folder.path,
			uidValidity: session.folder.uidValidity,
			uid: head.uid,
			serverId: session.serverId(head.uid),
			messageId: head.messageId,
		};
	}

	describe('opening', () => {
		it('tells the state of the folder', async () => {
			await deliver('one', 'two');
			const session = await open();
			const uids = await session.search({});
			expect(session.folder).toEqual({
				path: mailbox.folder,
				uidValidity: expect.stringMatching(/^[1-9]\d*$/) as string,
				uidNext: Math.max(...uids) + 1,
				messages: 2,
				readOnly: false,
			});
		});

		it('says that a folder does not exist', async () => {
			await expect(mailbox.driver.openFolder('No such folder', NEVER)).rejects.toMatchObject({
				code: 'mailbox.missing',
			});
		});

		it('gives up when the caller does', async () => {
			await expect(
				mailbox.driver.openFolder(mailbox.folder, AbortSignal.abort()),
			).rejects.toMatchObject({ code: 'connection.lost' });
		});

		it('lists the folder that it opens', async () => {
			const folders = await mailbox.driver.listFolders(NEVER);
			expect(folders).toContainEqual(
				expect.objectContaining({ path: mailbox.folder, selectable: true }),
			);
			expect(folders.length > 1).toBe(mailbox.driver.abilities.folders);
		});
	});

	describe('searching', () => {
		it('finds nothing in an empty folder', async () => {
			expect(await (await open()).search({})).toEqual([]);
		});

		it('finds ascending numbers, in the order in which the mails came, from a number on', async () => {
			await deliver('a', 'b', 'c');
			const session = await open();
			const { a = 0, b = 0, c = 0 } = await numbersOf(session);
			expect(a > 0 && a < b && b < c).toBe(true);
			expect(await session.search({ uidFrom: b })).toEqual([b, c]);
			expect(await session.search({ uidFrom: c + 1 })).toEqual([]);
			expect(await session.search({ unseen: true })).toEqual([a, b, c]);
			expect(await session.search({ seen: true })).toEqual([]);
		});

		it('finds by date of receipt, rather too much than too little', async () => {
			await mailbox.deliver(`Received: from a by b; ${new Date().toUTCString()}\r\n${mail('now')}`);
			const session = await open();
			const { now } = await numbersOf(session);
			const day = 24 * 60 * 60_000;
			expect(await session.search({ receivedSince: new Date() })).toEqual([now]);
			expect(await session.search({ receivedSince: new Date(Date.now() + 3 * day) })).toEqual([]);
			expect(await session.search({ receivedBefore: new Date(Date.now() - 3 * day) })).toEqual([]);
			const [received] = await session.fetchReceivedAt([now ?? 0, 999_999]);
			expect(Math.abs(Date.now() - (received?.receivedAt.getTime() ?? 0))).toBeLessThan(60_000);
		});

		it('finds by what stands in the header', async () => {
			await deliver('apple', 'plum');
			const session = await open();
			const numbers = await numbersOf(session);
			const apple = [numbers['apple']];
			expect(await session.search({ subject: 'APPLE' })).toEqual(apple);
			expect(await session.search({ messageId: '<apple@example.test>' })).toEqual(apple);
			expect(await session.search({ messageId: '<pear@example.test>' })).toEqual([]);
			expect(await session.search({ from: 'ada@', subject: 'apple' })).toEqual(apple);
			expect(await session.search({ to: 'billing' })).toEqual([]);
		});

		it('finds what has come since', async () => {
			await deliver('before');
			const session = await open();
			await session.search({});
			await session.waitForChange(50, NEVER);
			await deliver('after');
			const { before = 0, after = 0 } = await numbersOnceThereAre(session, 2);
			expect(after).toBeGreaterThan(before);
		});
	});

	describe('reading', () => {
		it('gives heads in the order asked for and leaves out what is gone', async () => {
			await deliver('a', 'b', 'c');
			const session = await open();
			const { a = 0, c = 0 } = await numbersOf(session);
			const heads = await headsOf(session, [c, 999_999, a]);
			expect(heads.map(({ uid, subject }) => [uid, subject])).toEqual([
				[c, 'c'],
				[a, 'a'],
			]);
		});

		it('gives text and attachments', async () => {
			await mailbox.deliver(mailWithFile('files'));
			const session = await open();
			const head = await onlyHead(session);
			expect(head.attachments).toMatchObject([
				{ part: '2', fileName: 'all-bytes.bin', mimeType: 'application/octet-stream' },
				{ part: '3', fileName: 'table.csv', mimeType: 'text/csv' },
			]);
			const [fetched] = await session.fetchBodies([
				{ head, want: { attachments: head.attachments } },
			]);
			if (fetched === undefined || 'error' in fetched) throw new Error('no body');
			const { text, attachments } = fetched.body;
			expect(text.trim()).toBe('See the files.\n.a line that begins with a dot');
			expect(attachments[0]?.content.equals(FILE)).toBe(true);
			expect(attachments[1]?.content.toString('latin1')).toBe('café;1');
		});

		it('gives only the attachments that are wanted', async () => {
			await mailbox.deliver(mailWithFile('files'));
			const session = await open();
			const head = await onlyHead(session);
			const [fetched] = await session.fetchBodies([
				{ head, want: { attachments: head.attachments.slice(1) } },
			]);
			expect(fetched).toMatchObject({ body: { attachments: [{ part: '3' }] } });
		});

		it('leaves out a text that nobody wants, and gives a file as text', async () => {
			await mailbox.deliver(mailWithFile('files'));
			const session = await open();
			const head = await onlyHead(session);
			const [, csv] = head.attachments;
			if (csv === undefined) throw new Error('no attachments');
			const partTexts = [{ attachment: csv, maxBytes: 100_000 }];
			const [fetched] = await session.fetchBodies([
				{ head, want: { text: false, attachments: [], partTexts } },
			]);
			expect(fetched).toMatchObject({
				body: {
					text: '',
					html: '',
					attachments: [],
					partTexts: [{ part: csv.part, text: 'café;1', truncated: false }],
				},
			});
		});

		it('gives the beginnings of the parts of a report, where the server shows them', async () => {
			if (mailbox.showsReports === false) return;
			await mailbox.deliver(mailWithReport('report'));
			const session = await open();
			const head = await onlyHead(session);
			const [status, returned] = head.attachments;
			if (status === undefined || returned === undefined) throw new Error('no parts');
			const partTexts = [
				{ attachment: status, maxBytes: 1_000_000 },
				{ attachment: returned, maxBytes: 40 },
				{ attachment: { ...returned, part: '9.9' }, maxBytes: 40 },
			];
			const [without, whole] = await session.fetchBodies([
				{ head, want: { text: false, attachments: [], partTexts } },
				{ head, want: { attachments: [returned], partTexts } },
			]);
			const texts = [
				{ part: '2', text: 'Final-Recipient: rfc822; jürgen@example.test', truncated: false },
				{ part: '3', text: 'Message-ID: <1@example.test>\r\nSubject: A', truncated: true },
			];
			expect(without).toMatchObject({ body: { text: '', html: '', partTexts: texts } });
			expect(whole).toMatchObject({ body: { attachments: [{ part: '3' }], partTexts: texts } });
			if (whole === undefined || 'error' in whole) throw new Error('no body');
			expect(whole.body.text.trim()).toBe('Not delivered.');
			expect(whole.body.attachments[0]?.content.toString()).toContain('A long subject');
		});

		it('tells for each body whether its mail is gone', async () => {
			await deliver('here');
			const session = await open();
			const head = await onlyHead(session);
			const want = { attachments: [] };
			const bodies = await session.fetchBodies([
				{ head: { ...head, uid: 999_999 }, want },
				{ head, want },
			]);
			expect(bodies).toMatchObject([
				{ uid: 999_999, error: { code: 'message.missing' } },
				{ uid: head.uid, body: { text: 'Text of here.\n' } },
			]);
		});

		it('streams an attachment, and goes on afterwards, also when the stream is given up', async () => {
			await mailbox.deliver(mailWithFile('files'));
			const session = await open();
			const head = await onlyHead(session);
			const [bin, csv] = head.attachments;
			if (bin === undefined || csv === undefined) throw new Error('no attachments');
			const pieces: Buffer[] = [];
			for await (const piece of await session.openAttachment(head, bin)) {
				pieces.push(piece as Buffer);
			}
			expect(Buffer.concat(pieces).equals(FILE)).toBe(true);
			const abandoned = await session.openAttachment(head, bin);
			abandoned.destroy();
			const text = (await session.openAttachment(head, csv)).setEncoding('latin1');
			expect(await text.toArray()).toEqual(['café;1']);
			expect(await session.search({})).toEqual([head.uid]);
		});

		it('says that the mail of an attachment is gone', async () => {
			await mailbox.deliver(mailWithFile('files'));
			const session = await open();
			const head = await onlyHead(session);
			const [bin] = head.attachments;
			if (bin === undefined) throw new Error('no attachment');
			await session.delete([head.uid]);
			await expect(session.openAttachment(head, bin)).rejects.toMatchObject({
				code: 'message.missing',
			});
		});

		it('gives the source, cut where asked', async () => {
			const source = mail('source', 'x'.repeat(3_000));
			await mailbox.deliver(source);
			const session = await open();
			const { uid } = await onlyHead(session);
			const whole = await session.fetchSource(uid, 10_000_000);
			// Servers may write lines of their own on top.
			expect(whole.source.toString().endsWith(source)).toBe(true);
			expect(whole.truncated).toBe(false);
			const { length } = whole.source;
			const cut = await session.fetchSource(uid, 1_000);
			expect(cut).toEqual({ source: whole.source.subarray(0, 1_000), truncated: true });
			expect(await session.fetchSource(uid, length)).toMatchObject({ truncated: false });
			await expect(session.fetchSource(999_999, 100)).rejects.toMatchObject({
				code: 'message.missing',
			});
		});
	});

	describe('flags', () => {
		it('are added, found and removed where there are flags, and are no fault where there are none', async () => {
			await deliver('flagged');
			const session = await open();
			const { uid } = await onlyHead(session);
			const { marks } = mailbox.driver.abilities;
			await session.addFlags([uid, 999_999], ['\\Seen', 'handled']);
			expect((await onlyHead(session)).flags).toEqual(
				marks ? expect.arrayContaining(['\\Seen', 'handled']) : [],
			);
			expect(await session.search({ unseen: true })).toEqual(marks ? [] : [uid]);
			expect(await session.search({ keyword: 'handled' })).toEqual(marks ? [uid] : []);
			await session.removeFlags([uid, 999_999], ['\\Seen', 'handled']);
			expect(await session.search({ unseen: true })).toEqual([uid]);
		});
	});

	describe('deleting', () => {
		it('removes these mails for good, and no others', async () => {
			await deliver('a', 'b', 'c');
			const session = await open();
			const { a = 0, b = 0, c = 0 } = await numbersOf(session);
			await session.delete([a, c, 999_999]);
			expect(await mailbox.subjects(mailbox.folder)).toEqual(['b']);
			expect(await session.search({})).toEqual([b]);
			expect((await headsOf(session, [a, b])).map(({ subject }) => subject)).toEqual(['b']);
			await session.delete([a]);
			await session.delete([]);
			expect(await mailbox.subjects(mailbox.folder)).toEqual(['b']);
		});
	});

	describe('other folders', () => {
		it('take copies and moved mails, where there are other folders', async () => {
			await deliver('copy', 'move', 'stay');
			const session = await open();
			const { copy = 0, move = 0, stay = 0 } = await numbersOf(session);
			const { otherFolder } = mailbox;
			if (otherFolder === undefined) {
				const refusal = { code: 'settings.invalid', retryable: false };
				await expect(session.copy([copy], 'Archive')).rejects.toMatchObject(refusal);
				await expect(session.move([move], 'Archive')).rejects.toMatchObject(refusal);
				expect(await session.search({})).toEqual([copy, move, stay]);
				return;
			}
			await session.copy([copy], otherFolder);
			await session.move([move], otherFolder);
			expect(await mailbox.subjects(otherFolder)).toEqual(['copy', 'move']);
			expect(await session.search({})).toEqual([copy, stay]);
			const missing = { code: 'mailbox.missing' };
			await expect(session.copy([stay], 'No such folder')).rejects.toMatchObject(missing);
			await expect(session.move([stay], 'No such folder')).rejects.toMatchObject(missing);
			expect(await session.search({})).toEqual([copy, stay]);
		});
	});

	describe('numbers', () => {
		it('stay the same for another connection that has the memory of the last', async () => {
			await deliver('a', 'b', 'c');
			const first = await open();
			const before = await numbersOf(first);
			const memory: unknown = first.toMemory();
			await first.close();
			const second = await open(
				memory === undefined ? undefined : JSON.parse(JSON.stringify(memory)),
			);
			expect(second.folder.uidValidity).toBe(first.folder.uidValidity);
			expect(await numbersOf(second)).toEqual(before);
		});

		it('stay the same when mails before them are removed, and are not used again', async () => {
			await deliver('a', 'b', 'c');
			const first = await open();
			const { b = 0, c = 0 } = await numbersOf(first);
			const memory: unknown = first.toMemory();
			await first.close();
			await mailbox.remove('a');
			await deliver('d');
			const second = await open(memory);
			const after = await numbersOf(second);
			expect(after).toEqual({ b, c, d: c + 1 });
			await second.delete([c + 1]);
			await deliver('e');
			expect(await numbersOnceThereAre(second, 3)).toEqual({ b, c, e: c + 2 });
		});

		it('stay the same within a session, whoever removes what', async () => {
			await deliver('a', 'b', 'c');
			const session = await open();
			const { a = 0, c = 0 } = await numbersOf(session);
			await session.waitForChange(50, NEVER);
			await mailbox.remove('b');
			expect(await numbersOnceThereAre(session, 2)).toEqual({ a, c });
		});
	});

	describe('finding again', () => {
		it('finds a mail by the reference that another connection gave', async () => {
			await deliver('a', 'b');
			const first = await open();
			const [, head] = await headsOf(first);
			if (head === undefined) throw new Error('no mail');
			const reference = referenceTo(first, head);
			const memory: unknown = first.toMemory();
			await first.close();
			const second = await open(memory);
			expect(await second.find(reference)).toBe(head.uid);
			const third = await open();
			const found = await third.find(reference);
			expect((await headsOf(third, [found ?? 0])).map(({ subject }) => subject)).toEqual(['b']);
		});

		it('finds by the Message-ID where the numbers mean something else', async () => {
			await mailbox.deliver(mail('a'));
			await mailbox.deliver(mail('b'));
			const session = await open();
			const { b } = await numbersOf(session);
			const reference = {
				folder: mailbox.folder,
				uidValidity: '4',
				uid: 1,
				messageId: '<b@example.test>',
			};
			expect(await session.find(reference)).toBe(b);
			expect(await session.find({ ...reference, messageId: '' })).toBeUndefined();
			expect(await session.find({ ...reference, messageId: '<z@example.test>' })).toBeUndefined();
		});

		it('does not find what is gone', async () => {
			await deliver('a', 'b');
			const session = await open();
			const [head] = await headsOf(session);
			if (head === undefined) throw new Error('no mail');
			const reference = referenceTo(session, head);
			await session.delete([head.uid]);
			expect(await session.find(reference)).toBeUndefined();
		});
	});

	describe('waiting', () => {
		it('stops at once when the caller gives up', async () => {
			const session = await open();
			expect(await session.waitForChange(60_000, AbortSignal.abort())).toBe('aborted');
			const abort = new AbortController();
			const waiting = session.waitForChange(60_000, abort.signal);
			const start = Date.now();
			abort.abort();
			expect(await waiting).toBe('aborted');
			expect(Date.now() - start).toBeLessThan(SLACK_MS);
			expect(await session.search({})).toEqual([]);
		});

		it('ends when the time is over', async () => {
			const session = await open();
			expect(await session.waitForChange(100, NEVER)).toBe('timeout');
			expect(await session.search({})).toEqual([]);
		});
	});

	describe('closing', () => {
		it('ends the session', async () => {
			await deliver('a');
			const session = await open();
			await session.search({});
			await session.close();
			await session.close();
			await expect(session.search({})).rejects.toMatchObject({ code: 'connection.lost' });
		});

		it('takes no longer than it may while the server hangs, also in the middle of a command', async () => {
			if (mailbox.freeze === undefined) return;
			await deliver('a');
			const [idle, busy] = [await open(), await open()];
			await idle.search({});
			await busy.search({});
			mailbox.freeze();
			const command = busy.fetchHeads([1]).then(
				() => 'answered',
				() => 'ended',
			);
			const start = Date.now();
			await Promise.all([idle.close(), busy.close()]);
			expect(Date.now() - start).toBeLessThan(CLOSE_GRACE_MS + SLACK_MS);
			expect(await command).toBe('ended');
		});
	});
}
