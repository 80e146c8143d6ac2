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
