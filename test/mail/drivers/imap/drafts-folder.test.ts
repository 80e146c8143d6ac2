import { Readable } from 'node:stream';
import { createDraftsFolder } from '../../../../mail/drivers/imap';
import type { ComposedMessage, DraftsFolder } from '../../../../mail/ports';
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

async function start(
	script: ImapServerScript,
): Promise<{ server: ImapServer; drafts: DraftsFolder }> {
	const server = await startImapServer(script);
	const drafts = createDraftsFolder(imapConnector({ port: server.port }), silentLog);
	cleanUp.push(
		async () => await server.close(),
		async () => await drafts.close(),
	);
	return { server, drafts };
}

/** A server with these folders, names as on the wire (RFC 3501, section 5.1.3), and its answer to APPEND. */
const withFolders = (folders: string[], appended = ''): ImapServerScript => ({
	capabilities: 'IMAP4rev1 SPECIAL-USE UIDPLUS NAMESPACE',
	answers: {
		LIST: (client, command) => {
			client.write('* LIST () "/" INBOX', ...folders.map((folder) => `* LIST ${folder}`));
			client.ok(command);
		},
		APPEND: (client, command) => client.ok(command, appended),
	},
});

const source = Buffer.from('Subject: draft\r\n\r\nNot finished\r\n');
const message: ComposedMessage = {
	messageId: '<draft@example.test>',
	envelope: { from: 'a@example.test', to: [] },
	needsSmtpUtf8: false,
	sizeBytes: source.length,
	open: () => {
		throw new Error('not needed');
	},
	copy: { sizeBytes: source.length, open: () => Readable.from(source) },
	dispose: async () => await Promise.resolve(),
};

describe('the folder of drafts', () => {
	it.each([
		['(\\Drafts) "/" "Work/Unfinished"', 'Work/Unfinished'],
		['() "/" Drafts', 'Drafts'],
		['() "/" "INBOX/Drafts"', 'INBOX/Drafts'],
		['() "/" "Entw&APw-rfe"', 'Entwürfe'],
		['() "/" Brouillons', 'Brouillons'],
		['() "/" Bozze', 'Bozze'],
		['() "/" Concepten', 'Concepten'],
		['() "/" Kladder', 'Kladder'],
		['() "/" "Wersje robocze"', 'Wersje robocze'],
		['() "/" "&BCcENQRABD0EPgQyBDgEOgQ4-"', 'Черновики'],
		['() "/" "&Tgtm+DBN-"', '下書き'],
	])('is found in %s', async (folder, path) => {
		const { server, drafts } = await start(withFolders(['(\\Sent) "/" Sent', folder]));
		await expect(drafts.append(message)).resolves.toMatchObject({ folder: path });
		expect(server.commands.map(({ name }) => name)).not.toContain('CREATE');
	});

	it('is the one the server declares, whatever others are called', async () => {
		const { drafts } = await start(withFolders(['() "/" Drafts', '(\\Drafts) "/" Declared']));
		await expect(drafts.append(message)).resolves.toMatchObject({ folder: 'Declared' });
	});

	it('is made where there is none', async () => {
		const { server, drafts } = await start(withFolders(['() "/" Sent']));
		await expect(drafts.append(message)).resolves.toMatchObject({ folder: 'Drafts' });
		expect(server.commands.filter(({ name }) => name === 'CREATE')).toMatchObject([
			{ args: 'Drafts' },
		]);
	});

	it('gets the message as a draft that is no unread mail, and tells where it lies', async () => {
		const { server, drafts } = await start(
			withFolders(['(\\Drafts) "/" Drafts'], '[APPENDUID 38505 3955] done'),
		);
		await expect(drafts.append(message)).resolves.toEqual({
			folder: 'Drafts',
			uid: 3955,
			uidValidity: '38505',
		});
		const [append] = server.commands.filter(({ name }) => name === 'APPEND');
		expect(append?.args).toMatch(/^Drafts \(\\Draft \\Seen\) "/);
		expect(append?.args.endsWith(`\r\n${source.toString()}`)).toBe(true);
	});

	it('knows no number where the server tells none', async () => {
		const { drafts } = await start(withFolders(['(\\Drafts) "/" Drafts']));
		await expect(drafts.append(message)).resolves.toEqual({ folder: 'Drafts' });
	});
});
