import { Readable } from 'node:stream';
import { createSentFolder } from '../../../../mail/drivers/imap';
import type { ComposedMessage, SentFolder } from '../../../../mail/ports';
import {
	startImapServer,
	type ImapServer,
	type ImapServerScript,
} from '../../../support/imap-server';
import { imapConnector, silentLog } from './imap-connector';

const cleanUp: Array<() => Promise<void>> = [];
afterEach(async () => {
	for (const step of cleanUp.splice(0).reverse()) await step();
});

async function start(script: ImapServerScript): Promise<{ server: ImapServer; sent: SentFolder }> {
	const server = await startImapServer(script);
	const sent = createSentFolder(imapConnector({ port: server.port }), silentLog);
	cleanUp.push(
		async () => await server.close(),
		async () => await sent.close(),
	);
	return { server, sent };
}

/** A server with these folders; names as on the wire (RFC 3501, section 5.1.3), flags before them. */
const withFolders = (...folders: string[]): ImapServerScript => ({
	capabilities: 'IMAP4rev1 SPECIAL-USE NAMESPACE',
	answers: {
		LIST: (client, command) => {
			client.write('* LIST () "/" INBOX', ...folders.map((folder) => `* LIST ${folder}`));
			client.ok(command);
		},
	},
});

const source = Buffer.from('Subject: copy\r\n\r\nThe same bytes: \u00fc\r\n', 'latin1');
const message: ComposedMessage = {
	messageId: '<copy@example.test>',
	envelope: { from: 'a@example.test', to: ['b@example.test'] },
	needsSmtpUtf8: false,
	sizeBytes: source.length,
	open: () => {
		throw new Error('not needed');
	},
	copy: { sizeBytes: source.length, open: () => Readable.from(source) },
	dispose: async () => await Promise.resolve(),
};

describe('the folder of sent mail', () => {
	it.each([
		['(\\Sent) "/" "Outbox/Copies"', 'Outbox/Copies'],
		['() "/" "Sent Items"', 'Sent Items'],
		['() "/" "INBOX/Sent"', 'INBOX/Sent'],
		['() "/" Gesendet', 'Gesendet'],
		['() "/" "Gesendete Objekte"', 'Gesendete Objekte'],
		['() "/" "&AMk-l&AOk-ments envoy&AOk-s"', 'Éléments envoyés'],
		['() "/" "Elementos enviados"', 'Elementos enviados'],
		['() "/" "Posta inviata"', 'Posta inviata'],
		['() "/" "Verzonden items"', 'Verzonden items'],
		['() "/" Skickat', 'Skickat'],
		['() "/" "Wys&AUI-ane"', 'Wysłane'],
		['() "/" "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-"', 'Отправленные'],
		['() "/" "&kAFP4W4IMH8-"', '送信済み'],
	])('is found in %s', async (folder, path) => {
		const { server, sent } = await start(withFolders('() "/" Drafts', folder));
		await expect(sent.append(message)).resolves.toBe(path);
		expect(server.commands.map(({ name }) => name)).not.toContain('CREATE');
	});

	it('is the one the server declares, whatever others are called', async () => {
		const { sent } = await start(withFolders('() "/" Sent', '(\\Sent) "/" Declared'));
		await expect(sent.append(message)).resolves.toBe('Declared');
	});

	it('is made where there is none', async () => {
		const { server, sent } = await start(withFolders('() "/" Drafts', '(\\Noselect) "/" Sent-old'));
		await expect(sent.append(message)).resolves.toBe('Sent');
		expect(server.commands.filter(({ name }) => name === 'CREATE')).toMatchObject([
			{ args: 'Sent' },
		]);
	});

	it('gets exactly the bytes that were sent, marked as read, with a date', async () => {
		const { server, sent } = await start(withFolders('(\\Sent) "/" Sent'));
		await sent.append(message);
		const [append] = server.commands.filter(({ name }) => name === 'APPEND');
		expect(append?.args).toMatch(/^Sent \(\\Seen\) "[ \d]\d-\w{3}-\d{4} [\d:]{8} \+0000" \{/);
		expect(append?.args.endsWith(`\r\n${source.toString('latin1')}`)).toBe(true);
	});

	it.each(['Sent', 'Ges & "Endet"', '送信済み'])(
		'gets a large mail as a stream, into %s as well',
		async (name) => {
			const large = Buffer.alloc(3_000_000, 'A line of text that is repeated\r\n');
			const listed = name === 'Sent' ? 'Sent' : encode(name);
			const { server, sent } = await start(withFolders(`(\\Sent) "/" ${listed}`));
			let opened = 0;
			const copy = {
				sizeBytes: large.length,
				open: () => {
					opened++;
					return Readable.from(toPieces(large));
				},
			};
			await expect(sent.append({ ...message, copy })).resolves.toBe(name);
			const [append] = server.commands.filter(({ name: command }) => command === 'APPEND');
			expect(append?.args).toMatch(/ \(\\Seen\) "[ \d]\d-\w{3}-\d{4} [\d:]{8} \+0000" \{3000000\}/);
			expect(append?.args.startsWith(listed)).toBe(true);
			expect(append?.args.endsWith(large.toString('latin1'))).toBe(true);
			expect(opened).toBe(1);
			await expect(sent.append(message)).resolves.toBe(name);
		},
	);

	it('tells why a large mail was not taken, without reading it', async () => {
		const script = withFolders('(\\Sent) "/" Sent');
		const { sent } = await start({
			...script,
			capabilities: `${script.capabilities} APPENDLIMIT=2000000`,
		});
		const copy = {
			sizeBytes: 3_000_000,
			open: (): Readable => {
				throw new Error('It should not be read.');
			},
		};
		await expect(sent.append({ ...message, copy })).rejects.toMatchObject({
			code: 'message.tooLarge',
		});
		await expect(sent.append(message)).resolves.toBe('Sent');
	});

	it('gives the connection up where a mail cannot be read to its end, and opens another', async () => {
		const { server, sent } = await start(withFolders('(\\Sent) "/" Sent'));
		const copy = {
			sizeBytes: 3_000_000,
			open: () =>
				Readable.from(
					(function* () {
						yield Buffer.alloc(1_000);
						throw new Error('the disk is gone');
					})(),
				),
		};
		await expect(sent.append({ ...message, copy })).rejects.toMatchObject({
			code: 'connection.lost',
		});
		await expect(sent.append(message)).resolves.toBe('Sent');
		expect(server.commands.filter(({ name }) => name === 'LOGIN')).toHaveLength(2);
	});

	it.each([
		['* SEARCH', false],
		['* SEARCH 7', true],
	])('is asked whether it has a message: %s', async (answer, has) => {
		const script = withFolders('(\\Sent) "/" Sent');
		const { server, sent } = await start({
			...script,
			uids: [7],
			answers: {
				...script.answers,
				'UID SEARCH': (client, command) => {
					client.write(answer);
					client.ok(command);
				},
				'UID FETCH': (client, command) => {
					client.write(
						'* 1 FETCH (UID 7 ENVELOPE (NIL "copy" NIL NIL NIL NIL NIL NIL NIL "<copy@example.test>"))',
					);
					client.ok(command);
				},
			},
		});
		await expect(sent.has('<copy@example.test>')).resolves.toBe(has);
		await expect(sent.has('<copy@example.tes>')).resolves.toBe(false);
		expect(server.commands.map(({ name }) => name)).toContain('EXAMINE');
		await expect(sent.append(message)).resolves.toBe('Sent');
	});

	it('tells why a copy was not taken, and takes the next one over the same connection', async () => {
		let refuse = true;
		const script = withFolders('(\\Sent) "/" Sent');
		const { server, sent } = await start({
			...script,
			answers: {
				...script.answers,
				APPEND: (client, command) => {
					if (refuse) client.no(command, '[OVERQUOTA] mailbox is full');
					else client.ok(command);
					refuse = false;
				},
			},
		});
		await expect(sent.append(message)).rejects.toMatchObject({
			code: 'message.tooLarge',
			serverReply: 'mailbox is full',
		});
		await expect(sent.append(message)).resolves.toBe('Sent');
		expect(server.commands.filter(({ name }) => name === 'LOGIN')).toHaveLength(1);
	});

	it('opens nothing when there is nothing to append', async () => {
		const { server, sent } = await start({});
		await sent.close();
		expect(server.commands).toEqual([]);
	});
});

function* toPieces(bytes: Buffer): Generator<Buffer> {
	for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
}

/** A folder's name as on the wire. */
function encode(name: string): string {
	return name === '送信済み' ? '&kAFP4W4IMH8-' : '"Ges &- \\"Endet\\""';
}
