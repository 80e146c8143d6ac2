import { buffer } from 'node:stream/consumers';
import { createImapDriver } from '../../../../mail/drivers/imap';
import type { MessageHead } from '../../../../mail/message';
import type { MailboxSession } from '../../../../mail/ports';
import { startImapServer, type ImapAnswer } from '../../../support/imap-server';
import { imapConnector, silentLog } from './imap-connector';

const NEVER = new AbortController().signal;

const cleanUp: Array<() => Promise<void>> = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

async function open(
	answers: Readonly<Record<string, ImapAnswer>>,
	capabilities = 'IMAP4rev1 NAMESPACE MOVE UIDPLUS',
) {
	const server = await startImapServer({ answers, capabilities, uids: [1, 2] });
	cleanUp.push(async () => await server.close());
	const driver = createImapDriver(imapConnector({ port: server.port }), silentLog);
	const session: MailboxSession = await driver.openFolder('INBOX', NEVER);
	cleanUp.push(async () => await session.close());
	const sent = () => server.commands.map(({ name, args }) => `${name} ${args}`);
	return { session, sent };
}

const refuse =
	(text: string): ImapAnswer =>
	(client, command) =>
		client.no(command, text);

/** SELECT with these flags kept for good. */
const keeping =
	(flags: string): ImapAnswer =>
	(client, command) => {
		client.write('* 2 EXISTS', '* OK [UIDVALIDITY 7] v', '* OK [UIDNEXT 3] n');
		client.write(`* OK [PERMANENTFLAGS (${flags})] kept`);
		client.ok(command, '[READ-WRITE] selected');
	};

describe('a folder that keeps no keywords', () => {
	it('refuses them by name, with those that it does keep, and stores nothing of the rest', async () => {
		const { session, sent } = await open({ SELECT: keeping('\\Seen \\Flagged $Junk') });
		await expect(session.addFlags([1], ['\\Seen', 'invoice'])).rejects.toMatchObject({
			code: 'mailbox.readOnly',
			subject: 'folder "INBOX" does not keep "invoice"',
			remedy: expect.stringContaining('$Junk') as string,
		});
		expect(sent().filter((command) => command.startsWith('UID STORE'))).toEqual([]);
	});

	it('takes those it knows, whatever their case', async () => {
		const { session, sent } = await open({ SELECT: keeping('\\Seen $Forwarded') });
		await session.addFlags([1], ['$forwarded', '\\SEEN']);
		expect(sent()).toContain('UID STORE 1 +FLAGS.SILENT ($Forwarded \\Seen)');
	});

	it('lets them be removed', async () => {
		const { session, sent } = await open({ SELECT: keeping('\\Seen') });
		await session.removeFlags([1], ['invoice']);
		expect(sent()).toContain('UID STORE 1 -FLAGS.SILENT (invoice)');
	});
});

describe('what the server refuses', () => {
	it.each([
		['[TRYCREATE] no such folder', 'mailbox.missing', 'folder "Archive"'],
		['[NONEXISTENT] no such folder', 'mailbox.missing', 'folder "Archive"'],
		['no such folder, without a code', 'mailbox.missing', 'folder "Archive"'],
		['[LIMIT] too much at once', 'server.throttled', 'folder "Archive"'],
		['[OVERQUOTA] full', 'limit.exceeded', 'folder "Archive"'],
		['[NOPERM] not allowed', 'mailbox.readOnly', 'folder "Archive"'],
	])('of a move by "%s" is told in its words', async (text, code, subject) => {
		const { session } = await open({ 'UID MOVE': refuse(text) });
		await expect(session.move([1], 'Archive')).rejects.toMatchObject({
			code,
			subject,
			serverReply: text.replace(/^\[\w+\] /, ''),
		});
	});

	it('without a reason although the folder is there, is worth another try', async () => {
		const { session } = await open({
			'UID COPY': refuse('not now'),
			LIST: (client, command) => {
				client.write('* LIST () "/" INBOX', '* LIST () "/" Archive');
				client.ok(command);
			},
		});
		await expect(session.copy([1], 'Archive')).rejects.toMatchObject({
			code: 'server.unavailable',
			retryable: true,
		});
	});

	it('of flags without a reason means that they may not be changed', async () => {
		const { session } = await open({ 'UID STORE': refuse('permission denied') });
		await expect(session.addFlags([1], ['\\Seen'])).rejects.toMatchObject({
			code: 'mailbox.readOnly',
			serverReply: 'permission denied',
		});
	});

	it('of a copy leaves the mail where it is, where moving is copying and deleting', async () => {
		const { session, sent } = await open(
			{ 'UID COPY': refuse('[TRYCREATE] no such folder') },
			'IMAP4rev1 NAMESPACE UIDPLUS',
		);
		await expect(session.move([1], 'Archive')).rejects.toMatchObject({ code: 'mailbox.missing' });
		expect(sent().some((command) => /STORE|EXPUNGE/.test(command))).toBe(false);
	});
});

describe('deleting without UIDPLUS', () => {
	const markedAre =
		(uids: string): ImapAnswer =>
		(client, command) => {
			client.write(`* SEARCH ${uids}`);
			client.ok(command);
		};

	it('expunges only when nothing else would go', async () => {
		const alone = await open({ 'UID SEARCH': markedAre('1') }, 'IMAP4rev1 NAMESPACE');
		await alone.session.delete([1]);
		expect(alone.sent()).toContain('EXPUNGE ');

		const among = await open({ 'UID SEARCH': markedAre('1 2') }, 'IMAP4rev1 NAMESPACE');
		await among.session.delete([1]);
		expect(among.sent().some((command) => command.includes('EXPUNGE'))).toBe(false);
		expect(among.sent()).toContain('UID STORE 1 +FLAGS.SILENT (\\Deleted)');
	});
});

/** As another session has read it. */
const head: MessageHead = {
	uid: 1,
	messageId: '',
	inReplyTo: '',
	references: [],
	subject: '',
	from: [],
	sender: [],
	replyTo: [],
	to: [],
	cc: [],
	bcc: [],
	receivedAt: new Date(0),
	importance: 'normal',
	flags: [],
	sizeBytes: 0,
	attachments: [],
	headers: new Map(),
};

describe('an attachment as a stream', () => {
	const content = Buffer.from('The quick brown fox jumps over the lazy dog.').toString('base64');

	/** Gives at most `pieceBytes` at a time, and announces a size of its own. */
	const serve =
		(pieceBytes: number, announced: number): ImapAnswer =>
		(client, command) => {
			if (command.args.includes('BODYSTRUCTURE')) {
				client.write(
					'* 1 FETCH (UID 1 BODYSTRUCTURE (("TEXT" "PLAIN" NIL NIL NIL "7BIT" 2 1)' +
						`("APPLICATION" "PDF" ("NAME" "a.pdf") NIL NIL "BASE64" ${announced}) "MIXED"))`,
				);
			} else {
				const start = Number(/<(\d+)\./.exec(command.args)?.[1]);
				const piece = content.slice(start, start + pieceBytes);
				client.write(`* 1 FETCH (UID 1 BODY[2]<${start}> {${piece.length}}\r\n${piece})`);
			}
			client.ok(command);
		};

	it.each([
		['gives less at a time than it was asked for', 7, content.length],
		['announces too much', 1_000, 10 * content.length],
	])('is whole where the server %s', async (_title, pieceBytes, announced) => {
		const { session } = await open({ 'UID FETCH': serve(pieceBytes, announced) });
		const attachment = {
			part: '2',
			fileName: 'a.pdf',
			mimeType: 'application/pdf',
			encodedSizeBytes: announced,
			contentId: '',
			inline: false,
		};
		const stream = await session.openAttachment(head, attachment);
		expect((await buffer(stream)).toString()).toBe(Buffer.from(content, 'base64').toString());
	});
});
