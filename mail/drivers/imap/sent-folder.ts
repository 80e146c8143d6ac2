import type { ImapFlow } from 'imapflow';
import type { Connector } from '../../connector';
import { MailError } from '../../errors';
import type { Log, SentFolder } from '../../ports';
import { appendMessage } from './append';
import { keepWithMessageId } from './message-id';
import { sentSpecialFolder } from './special-folder';
import { SpecialFolderConnection } from './special-folder-connection';
import type { Timing } from './timing';

/**
 * The account's folder of sent mail, see `SpecialFolderConnection`. A message whose APPEND was interrupted is not
 * appended again: it may be there.
 */
export function createSentFolder(connector: Connector, log: Log, timing?: Timing): SentFolder {
	const connection = new SpecialFolderConnection(connector, sentSpecialFolder, log, timing);
	return {
		append: async ({ copy }) =>
			await connection.use(async (client, path, socket) => {
				await appendMessage({ client, socket }, path, copy, ['\\Seen']);
				return path;
			}),
		has: async (messageId) =>
			await connection.use(async (client, path) => await hasMessage(client, path, messageId)),
		close: async () => await connection.close(),
	};
}

/** Selects the folder anew: what came in since is not seen otherwise. */
async function hasMessage(client: ImapFlow, path: string, messageId: string): Promise<boolean> {
	await client.mailboxOpen(path, { readOnly: true });
	try {
		const found = await client.search({ header: { 'message-id': messageId } }, { uid: true });
		if (!Array.isArray(found)) {
			throw new MailError('server.protocol', { subject: `folder "${path}"` });
		}
		return (await keepWithMessageId(client, found, messageId)).length > 0;
	} finally {
		await client.mailboxClose();
	}
}
