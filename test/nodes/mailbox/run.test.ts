import type { INodeExecutionData } from 'n8n-workflow';
import { MailError } from '../../../mail/errors';
import type { MailboxAbilities } from '../../../mail/ports';
import { executeMailbox } from '../../../nodes/Mailbox/run';
import { executeContext } from '../../support/execute-context';
import { MemoryMailbox } from '../../support/memory-mailbox';

const credential = {
	useFor: 'incoming',
	incomingHost: 'mail.example.test',
	user: 'ada@example.test',
	password: 'secret',
	primaryAddress: 'ada@example.test',
};

interface Run {
	readonly mailbox: MemoryMailbox;
	readonly parameters: Readonly<Record<string, unknown>>;
	readonly items?: INodeExecutionData[];
	readonly continueOnFail?: boolean;
	readonly cancelSignal?: AbortSignal;
	readonly store?: Map<string, Buffer>;
}

async function run({ mailbox, parameters, items = [{ json: {} }], ...rest }: Run) {
	const context = executeContext({
		items,
		parameters: { reference: (item: INodeExecutionData) => item.json.reference, ...parameters },
		credential,
		node: { name: 'Mailbox', type: 'n8n-nodes-email-connectors.mailbox' },
		...rest,
	});
	const [output = []] = await executeMailbox(context, () => mailbox);
	return output;
}

/** Items as Email Trigger gives them, of the mails with these UIDs. */
const itemsOf = (mailbox: MemoryMailbox, ...uids: number[]): INodeExecutionData[] =>
	uids.map((uid) => ({
		json: {
			subject: `of ${uid}`,
			reference: {
				folder: 'INBOX',
				uidValidity: mailbox.uidValidity,
				uid,
				messageId: mailbox.mails.find((mail) => mail.uid === uid)?.messageId ?? '',
			},
		},
	}));

function mailboxWith(...subjects: string[]): MemoryMailbox {
	const mailbox = new MemoryMailbox();
	for (const subject of subjects) mailbox.deliver(subject);
	return mailbox;
}

const folder = (path: string) => ({ __rl: true, mode: 'path', value: path });

describe('Mailbox', () => {
	it.each([
		['markRead', {}, '\\Seen'],
		['flag', {}, '\\Flagged'],
		['label', { labels: 'Invoice' }, 'Invoice'],
	])('%s marks the mail of each item, over one connection', async (operation, own, flag) => {
		const mailbox = mailboxWith('a', 'b', 'c');
		const output = await run({
			mailbox,
			parameters: { operation, ...own },
			items: itemsOf(mailbox, 3, 1),
		});
		expect(mailbox.subjectsWith(flag)).toEqual(['a', 'c']);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(mailbox.sessions.map(({ closed }) => closed)).toEqual([true]);
	});

	it.each([
		['markUnread', {}, '\\Seen'],
		['flag', { flagAction: 'remove' }, '\\Flagged'],
		['label', { labelAction: 'remove', labels: 'Invoice, Other' }, 'Invoice'],
	])('%s takes the mark away', async (operation, own, flag) => {
		const mailbox = new MemoryMailbox();
		mailbox.deliver('a', { flags: new Set([flag]) });
		await run({ mailbox, parameters: { operation, ...own }, items: itemsOf(mailbox, 1) });
		expect(mailbox.subjectsWith(flag)).toEqual([]);
	});

	it('passes the item on, binary data too, with a reference that leads to the moved mail', async () => {
		const mailbox = mailboxWith('a', 'b');
		const [item = { json: {} }] = itemsOf(mailbox, 2);
		const binary = { raw: { data: 'eA==', mimeType: 'message/rfc822' } };
		const [moved] = await run({
			mailbox,
			parameters: { operation: 'move', targetFolder: folder('Done') },
			items: [{ ...item, binary }],
		});
		expect(mailbox.mails.map(({ subject }) => subject)).toEqual(['a']);
		expect(mailbox.folders.get('Done')?.map(({ subject }) => subject)).toEqual(['b']);
		expect(moved).toMatchObject({
			json: {
				subject: 'of 2',
				reference: {
					folder: 'Done',
					uidValidity: '',
					messageId: mailbox.folders.get('Done')?.[0]?.messageId,
				},
				mailbox: { operation: 'move', folder: 'INBOX', targetFolder: 'Done' },
			},
			binary,
		});
	});

	it('copies and deletes, and leaves no reference to what is deleted', async () => {
		const mailbox = mailboxWith('a', 'b');
		const items = itemsOf(mailbox, 1);
		const parameters = { operation: 'copy', targetFolder: folder('Done') };
		const copied = await run({ mailbox, parameters, items });
		expect(copied[0]?.json.reference).toEqual(items[0]?.json.reference);
		const [deleted] = await run({ mailbox, parameters: { operation: 'delete' }, items: copied });
		expect(mailbox.mails.map(({ subject }) => subject)).toEqual(['b']);
		expect(mailbox.folders.get('Done')).toHaveLength(1);
		expect(deleted?.json.reference).toBeNull();
	});

	it('finds the mail by its Message-ID after the folder was rebuilt, or where nothing else is given', async () => {
		const mailbox = mailboxWith('a', 'b');
		const items = itemsOf(mailbox, 2);
		mailbox.expunge(1);
		mailbox.rebuild();
		await run({ mailbox, parameters: { operation: 'flag' }, items });
		expect(mailbox.subjectsWith('\\Flagged')).toEqual(['b']);

		const messageId = mailbox.mails[0]?.messageId.slice(1, -1);
		await run({
			mailbox,
			parameters: {
				operation: 'markRead',
				findBy: 'messageId',
				messageId,
				folder: folder('INBOX'),
			},
		});
		expect(mailbox.subjectsWith('\\Seen')).toEqual(['b']);
	});

	it('gets the mail in the fields of the trigger, without those of a delivery', async () => {
		const mailbox = mailboxWith('Hello');
		const store = new Map<string, Buffer>();
		const [item] = await run({
			mailbox,
			parameters: { operation: 'getMessage', getMessageOptions: { includeRaw: true } },
			items: itemsOf(mailbox, 1),
			store,
		});
		expect(item?.json).toMatchObject({
			subject: 'Hello',
			text: 'Hello',
			from: { name: 'Customer', address: 'customer@example.net' },
			account: 'imap://ada@example.test@mail.example.test:993',
			reference: { folder: 'INBOX', uid: 1 },
		});
		for (const field of ['route', 'deliveryId', 'attempt'])
			expect(item?.json).not.toHaveProperty(field);
		expect(store.get(item?.binary?.raw?.id ?? '')?.toString()).toBe('source of 1');
	});

	it('searches the newest first, and gives references that other operations take', async () => {
		const mailbox = mailboxWith('invoice 1', 'offer', 'invoice 2', 'invoice 3');
		const found = await run({
			mailbox,
			parameters: { operation: 'search', limit: 2, filters: { subject: 'invoice', read: 'no' } },
		});
		expect(found.map(({ json }) => json.subject)).toEqual(['invoice 3', 'invoice 2']);
		expect(found[0]?.json).not.toHaveProperty('headers');
		await run({ mailbox, parameters: { operation: 'markRead' }, items: found });
		expect(mailbox.subjectsWith('\\Seen')).toEqual(['invoice 2', 'invoice 3']);
	});

	it('searches to the second, although servers compare days', async () => {
		const mailbox = new MemoryMailbox();
		const at = (time: string) => ({ receivedAt: new Date(`2026-11-03T${time}Z`) });
		mailbox.deliver('early', at('08:59:59'));
		mailbox.deliver('in time', at('09:00:00'));
		mailbox.deliver('late', at('10:00:00'));
		const found = await run({
			mailbox,
			parameters: {
				operation: 'search',
				// Berlin: an hour ahead of UTC.
				filters: { since: '2026-11-03T10:00:00', before: '2026-11-03T11:00:00' },
			},
		});
		expect(found.map(({ json }) => json.subject)).toEqual(['in time']);
	});
});

describe('what goes wrong', () => {
	it('ends the run at the item it concerns, and closes the connection', async () => {
		const mailbox = mailboxWith('a');
		const failure = run({
			mailbox,
			parameters: { operation: 'flag' },
			items: [...itemsOf(mailbox, 1), ...itemsOf(mailbox, 9)],
		});
		await expect(failure).rejects.toMatchObject({
			message: expect.stringContaining('no longer there') as string,
			context: { itemIndex: 1 },
		});
		expect(mailbox.sessions.map(({ closed }) => closed)).toEqual([true]);
	});

	it('becomes an item of its own where the run is to go on', async () => {
		const mailbox = mailboxWith('a', 'b');
		const output = await run({
			mailbox,
			parameters: { operation: 'flag' },
			items: [{ json: {}, pairedItem: 0 }, ...itemsOf(mailbox, 9), ...itemsOf(mailbox, 2)],
			continueOnFail: true,
		});
		expect(output.map(({ json }) => json.error)).toEqual([
			'A setting is not valid (Reference: there is none)',
			expect.stringContaining('The e-mail is no longer there'),
			undefined,
		]);
		expect(mailbox.subjectsWith('\\Flagged')).toEqual(['b']);
	});

	it('is asked of the server once, when it is the sign-in, however many items there are', async () => {
		const mailbox = mailboxWith('a', 'b', 'c');
		mailbox.openingFaults.push(new MailError('auth.rejected'));
		const output = await run({
			mailbox,
			parameters: { operation: 'markRead' },
			items: itemsOf(mailbox, 1, 2, 3),
			continueOnFail: true,
		});
		expect(output.every(({ json }) => String(json.error).includes('password'))).toBe(true);
		expect(mailbox.sessions).toEqual([]);
	});

	it('of a lost connection concerns one item only: the next one opens another', async () => {
		const mailbox = mailboxWith('a', 'b');
		mailbox.headFaults.push(new MailError('connection.lost', { retryable: true }));
		const output = await run({
			mailbox,
			parameters: { operation: 'getMessage' },
			items: itemsOf(mailbox, 1, 2),
			continueOnFail: true,
		});
		expect(output.map(({ json }) => json.subject)).toEqual([undefined, 'b']);
		expect(mailbox.sessions.map(({ closed }) => closed)).toEqual([true, true]);
	});

	it.each([
		['markRead', 'keeps neither flags nor labels'],
		['label', 'keeps neither flags nor labels'],
		['move', 'no folder but the inbox'],
		['search', 'cannot be searched'],
	])('%s is refused in one sentence where the mailbox cannot do it', async (operation, words) => {
		const mailbox = new (class extends MemoryMailbox {
			override readonly abilities: MailboxAbilities = { marks: false, folders: false };
		})();
		mailbox.deliver('a');
		const parameters = { operation, labels: 'x', targetFolder: folder('Done') };
		await expect(run({ mailbox, parameters, items: itemsOf(mailbox, 1) })).rejects.toMatchObject({
			message: expect.stringContaining(words) as string,
			description: expect.stringContaining('Get Attachments and Delete') as string,
		});
		expect(mailbox.sessions).toEqual([]);
	});

	it('does not happen to get and delete in such a mailbox', async () => {
		const mailbox = new (class extends MemoryMailbox {
			override readonly abilities: MailboxAbilities = { marks: false, folders: false };
		})();
		mailbox.deliver('a');
		const items = itemsOf(mailbox, 1);
		await run({ mailbox, parameters: { operation: 'getMessage' }, items });
		await run({ mailbox, parameters: { operation: 'delete' }, items });
		expect(mailbox.mails).toEqual([]);
	});

	it('ends when the execution is cancelled, with the connection closed', async () => {
		const mailbox = mailboxWith('a', 'b');
		const cancel = new AbortController();
		const items = itemsOf(mailbox, 1, 2);
		const output = await run({
			mailbox,
			parameters: {
				operation: 'flag',
				flagAction: (item: INodeExecutionData) => {
					if (item === items[1]) cancel.abort();
					return 'add';
				},
			},
			items,
			continueOnFail: true,
			cancelSignal: cancel.signal,
		});
		expect(output).toHaveLength(2);
		expect(mailbox.sessions.every(({ closed }) => closed)).toBe(true);
	});

	it('is the connector that is off: every item says so, nothing is opened', async () => {
		const mailbox = mailboxWith('a');
		const context = executeContext({
			items: itemsOf(mailbox, 1),
			parameters: { operation: 'flag' },
			credential: { ...credential, enabled: false },
			continueOnFail: true,
		});
		const [output] = await executeMailbox(context, () => mailbox);
		expect(output?.map(({ json }) => json.error)).toEqual([
			expect.stringContaining('switched off'),
		]);
		expect(mailbox.sessions).toEqual([]);
	});
});
