import type { Connector } from '../../connector';
import { MailError } from '../../errors';
import type { Log, SentFolder } from '../../ports';
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
		append: async (message) => {
			const source = await message.read();
			return await connection.use(async (client, path) => {
				const appended = await client.append(path, source, ['\\Seen'], new Date());
				if (!appended) throw new MailError('server.protocol', { subject: `folder "${path}"` });
				return path;
			});
		},
		close: async () => await connection.close(),
	};
}
