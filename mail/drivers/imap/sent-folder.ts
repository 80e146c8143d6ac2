import type { ImapFlow, ListResponse } from 'imapflow';
import type { Connector } from '../../connector';
import { MailError } from '../../errors';
import type { ComposedMessage, Log, SentFolder } from '../../ports';
import { isConnectionFailure, toImapError } from './error';
import type { Lifeline } from './lifeline';
import { sentFolderNames } from './sent-folder-name';
import { signIn } from './sign-in';
import { uploadTiming, type Timing } from './timing';

/** What the folder is called where there is none and one has to be made. */
const NEW_FOLDER = 'Sent';

interface Opened {
	readonly lifeline: Lifeline;
	readonly path: string;
}

/**
 * The account's folder of sent mail. The first message opens the connection, later ones use it; a connection that was
 * lost is opened again with the next message, one that could not be opened is not: a refused sign-in must not be
 * repeated for every message. A message whose APPEND was interrupted is not appended again: it may be there.
 */
export function createSentFolder(
	connector: Connector,
	log: Log,
	timing: Timing = uploadTiming,
): SentFolder {
	let opening: Promise<Opened> | undefined;
	// Messages are appended one after the other: their literals must not mix.
	let last: Promise<unknown> = Promise.resolve();

	const open = async (): Promise<Opened> => {
		const lifeline = await signIn(connector, timing);
		try {
			const path = await lifeline.run('Sent folder', findSentFolder);
			log.debug(`Copies of sent mail go to "${path}" of ${connector.name}`);
			return { lifeline, path };
		} catch (error) {
			await lifeline.close();
			throw error;
		}
	};

	const append = async (message: ComposedMessage): Promise<string> => {
		const source = await message.read();
		opening ??= open();
		let hasOpened = false;
		try {
			const { lifeline, path } = await opening;
			hasOpened = true;
			const subject = `folder "${path}"`;
			await lifeline.run(subject, async (client) => {
				await appendMessage(client, path, source, subject);
			});
			return path;
		} catch (error) {
			const translated = toImapError(error, 'Sent folder');
			if (hasOpened && isConnectionFailure(translated)) opening = undefined;
			throw translated;
		}
	};

	return {
		append: async (message) => {
			const turn = last.then(async () => await append(message));
			last = turn.catch(() => undefined);
			return await turn;
		},
		close: async () => {
			const opened = await opening?.catch(() => undefined);
			opening = undefined;
			await opened?.lifeline.close();
		},
	};
}

async function appendMessage(
	client: ImapFlow,
	path: string,
	source: Buffer,
	subject: string,
): Promise<void> {
	const appended = await client.append(path, source, ['\\Seen'], new Date());
	if (!appended) throw new MailError('server.protocol', { subject });
}

/** The path of the folder that is `\Sent`, is called so in some language, or is made now. */
async function findSentFolder(client: ImapFlow): Promise<string> {
	const folders = (await client.list()).filter(({ flags }) => !flags.has('\\Noselect'));
	const flagged = folders.filter(({ specialUse }) => specialUse === '\\Sent');
	// The server's word counts more than the library's guess by name.
	const declared = flagged.find(({ specialUseSource }) => specialUseSource === 'extension');
	const found = declared ?? flagged[0] ?? findByName(folders);
	if (found !== undefined) return found.path;
	const { path } = await client.mailboxCreate(NEW_FOLDER);
	return path;
}

/** The earlier name in the list wins; of equals the one nearest to the root. */
function findByName(folders: readonly ListResponse[]): ListResponse | undefined {
	const ranked = folders
		.map((folder) => ({ folder, rank: sentFolderNames.indexOf(toKey(folder.name)) }))
		.filter(({ rank }) => rank >= 0)
		.sort((a, b) => a.rank - b.rank || a.folder.parent.length - b.folder.parent.length);
	return ranked[0]?.folder;
}

function toKey(name: string): string {
	return name.normalize('NFC').toLowerCase().trim();
}
