import type { ImapFlow } from 'imapflow';
import type { Connector } from '../../connector';
import { MailError } from '../../errors';
import type { ComposedMessage, Log, SentFolder } from '../../ports';
import { isConnectionFailure, toImapError } from './error';
import type { Lifeline } from './lifeline';
import { signIn } from './sign-in';
import { findSpecialFolder, sentSpecialFolder } from './special-folder';
import { uploadTiming, type Timing } from './timing';

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
			const path = await lifeline.run(
				'Sent folder',
				async (client) => await findSpecialFolder(client, sentSpecialFolder),
			);
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
