import { randomBytes } from 'node:crypto';
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { createPop3Driver } from '../../mail/drivers/pop3';
import { executeMailbox } from '../../nodes/Mailbox/run';
import { startDovecot, type Dovecot } from '../support/dovecot';
import { executeContext } from '../support/execute-context';
import { silentLog } from '../mail/drivers/imap/imap-connector';
import { asClient } from '../support/imap-folder';
import { pop3Connector } from '../support/pop3-connector';

/** Real servers on a busy machine. */
jest.setTimeout(30_000);

const USER = 'support@example.test';
const NEVER = new AbortController().signal;

let server: Dovecot;
beforeEach(async () => {
	server = await startDovecot();
});
afterEach(async () => await server.stop());

interface Run {
	readonly parameters: Readonly<Record<string, unknown>>;
	readonly items?: INodeExecutionData[];
	readonly store?: Map<string, Buffer>;
	readonly continueOnFail?: boolean;
	readonly connector?: IDataObject;
}

async function run({ parameters, items = [{ json: {} }], connector, ...rest }: Run) {
	const context = executeContext({
		items,
		parameters: { reference: (item: INodeExecutionData) => item.json.reference, ...parameters },
		credential: {
			useFor: 'incoming',
			incomingHost: server.host,
			incomingPort: server.imapsPort,
			user: USER,
			password: server.users[0]?.password ?? '',
			primaryAddress: USER,
			caPem: server.caPem,
			...connector,
		},
		...rest,
	});
	const [output = []] = await executeMailbox(context);
	return output;
}

const file = (name: string, content: Buffer, disposition = 'attachment') =>
	[
		'--b',
		`Content-Type: application/pdf; name="${name}"`,
		`Content-Disposition: ${disposition}`,
		'Content-Transfer-Encoding: base64',
		...(disposition === 'inline' ? ['Content-ID: <logo>'] : []),
		'',
		content.toString('base64').replace(/.{76}/g, '$&\r\n'),
	].join('\r\n');

const mail = (subject: string, ...files: string[]) =>
	[
		'From: Ann Lee <ann@customers.example>',
		`Subject: ${subject}`,
		`Message-ID: <${subject}@customers.example>`,
		'MIME-Version: 1.0',
		'Content-Type: multipart/mixed; boundary=b',
		'',
		'--b',
		'',
		'See the files.',
		...files,
		'--b--',
		'',
	].join('\r\n');

describe('Mailbox with a real server', () => {
	it('goes from a search to the attachments, the mark, and another folder, over one connection each', async () => {
		const content = randomBytes(700_000);
		await server.append(USER, 'INBOX', mail('a', file('a.pdf', content)));
		await server.append(USER, 'INBOX', mail('b', file('b.pdf', content)));
		const store = new Map<string, Buffer>();

		const found = await run({ parameters: { operation: 'search' } });
		expect(found.map(({ json }) => json.subject)).toEqual(['b', 'a']);
		const got = await run({ parameters: { operation: 'getAttachments' }, items: found, store });
		for (const { binary } of got) {
			expect(store.get(binary?.attachment_0?.id ?? '')?.equals(content)).toBe(true);
		}
		const marked = await run({ parameters: { operation: 'markRead' }, items: got });
		const moved = await run({
			parameters: { operation: 'move', targetFolder: 'Archive' },
			items: marked,
		});
		// The reference leads into the new folder.
		const again = await run({ parameters: { operation: 'getMessage' }, items: moved });
		expect(again.map(({ json }) => [json.subject, json.text, json.flags, json.folder])).toEqual([
			['b', 'See the files.', ['\\Seen'], 'Archive'],
			['a', 'See the files.', ['\\Seen'], 'Archive'],
		]);
		expect(await server.messages(USER)).toEqual([]);
		const ownLogins = (await server.logins()).length - 2;
		expect(ownLogins).toBe(5);
	});

	it('gives the attachments that are wanted, and a warning for those that are too large', async () => {
		await server.append(
			USER,
			'INBOX',
			mail(
				'files',
				file('large.pdf', randomBytes(2_000_000)),
				file('logo.pdf', randomBytes(10), 'inline'),
				file('../../small.pdf', Buffer.from('small')),
				file('notes.txt', Buffer.from('notes')),
			),
		);
		const store = new Map<string, Buffer>();
		const [item] = await run({
			parameters: {
				operation: 'getAttachments',
				findBy: 'messageId',
				messageId: 'files@customers.example',
				folder: 'INBOX',
				getAttachmentsOptions: { fileNames: '*.pdf', sizeLimitMb: 1 },
			},
			items: [
				{ json: { own: 1, warnings: ['before'] }, binary: { raw: { data: '', mimeType: 'x/y' } } },
			],
			store,
		});
		expect(Object.keys(item?.binary ?? {})).toEqual(['raw', 'attachment_0']);
		expect(item?.binary?.attachment_0?.fileName).toBe('small.pdf');
		expect([...store.values()].map(String)).toEqual(['small']);
		expect(item?.json).toMatchObject({
			own: 1,
			warnings: [
				'before',
				'The attachment "large.pdf" was left out: it has about 1.9 MB, the limit is 1 MB.',
			],
			attachments: [
				{ fileName: 'large.pdf', binaryProperty: null },
				{ fileName: 'logo.pdf', binaryProperty: null },
				{ binaryProperty: 'attachment_0', sizeBytes: 5 },
				{ fileName: 'notes.txt', binaryProperty: null },
			],
		});
	});

	it('says which folder is missing, and leaves the mail', async () => {
		await server.append(USER, 'INBOX', mail('a'));
		const found = await run({ parameters: { operation: 'search' } });
		await expect(
			run({ parameters: { operation: 'move', targetFolder: 'Nowhere' }, items: found }),
		).rejects.toMatchObject({
			message: expect.stringContaining('The folder does not exist (folder "Nowhere")') as string,
			context: { itemIndex: 0 },
		});
		expect(await server.messages(USER)).toHaveLength(1);
	});

	it('works on folders more than there may be connections', async () => {
		const folders = Array.from({ length: 8 }, (_, index) => `Folder ${index}`);
		await asClient(server, async (client) => {
			for (const folder of folders) await client.mailboxCreate(folder);
		});
		for (const folder of folders) await server.append(USER, folder, mail(folder.replace(' ', '.')));
		const found = await run({
			parameters: {
				operation: 'search',
				searchFolder: (item: INodeExecutionData) => item.json.folder,
			},
			items: folders.map((folder) => ({ json: { folder } })),
		});
		expect(found.map(({ json }) => json.folder)).toEqual(folders);
	});
});

describe('Mailbox with a POP3 connector', () => {
	const connectorOf = (dovecot: Dovecot) => ({
		incomingProtocol: 'pop3',
		pop3Port: dovecot.pop3sPort,
	});

	/** Items as Email Trigger gives them. */
	async function receive(): Promise<INodeExecutionData[]> {
		const [account] = server.users;
		const connector = pop3Connector({ host: server.host, port: server.pop3Port, ...account });
		const session = await createPop3Driver(connector, silentLog).openFolder('INBOX', NEVER);
		const uids = await session.search({});
		const { path: folder, uidValidity } = session.folder;
		const items = uids.map((uid) => ({
			json: {
				reference: { folder, uidValidity, uid, serverId: session.serverId(uid), messageId: '' },
			},
		}));
		await session.close();
		return items;
	}

	it('gets and deletes the mails that the references name, also after others were deleted', async () => {
		for (const subject of ['a', 'b', 'c']) {
			await server.deliver(USER, mail(subject, file(`${subject}.pdf`, Buffer.from(subject))));
		}
		const [a, b, c] = await receive();
		if (a === undefined || b === undefined || c === undefined) throw new Error('no mails');
		const connector = connectorOf(server);
		const store = new Map<string, Buffer>();

		const read = await run({ parameters: { operation: 'getMessage' }, items: [c, a], connector });
		expect(read.map(({ json }) => json.subject)).toEqual(['c', 'a']);
		await run({ parameters: { operation: 'delete' }, items: [a], connector });
		const got = await run({
			parameters: { operation: 'getAttachments' },
			items: [b, c],
			connector,
			store,
		});
		expect(got.map(({ binary }) => binary?.attachment_0?.fileName)).toEqual(['b.pdf', 'c.pdf']);
		expect([...store.values()].map(String)).toEqual(['b', 'c']);
		await run({ parameters: { operation: 'delete' }, items: [c, b], connector });
		expect(await server.messages(USER)).toEqual([]);
	});

	it('says in one sentence that there are no folders to move to', async () => {
		await server.deliver(USER, mail('a'));
		await expect(
			run({
				parameters: { operation: 'move', targetFolder: 'Archive' },
				items: await receive(),
				connector: connectorOf(server),
			}),
		).rejects.toMatchObject({
			message: expect.stringContaining('this mailbox has no folder but the inbox') as string,
		});
	});
});
