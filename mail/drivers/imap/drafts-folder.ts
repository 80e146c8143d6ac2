import type { Connector } from '../../connector';
import type { DraftsFolder, Log } from '../../ports';
import { appendMessage } from './append';
import { draftsSpecialFolder } from './special-folder';
import { SpecialFolderConnection } from './special-folder-connection';
import type { Timing } from './timing';

/** The account's folder of unfinished mail, see `SpecialFolderConnection`. */
export function createDraftsFolder(connector: Connector, log: Log, timing?: Timing): DraftsFolder {
	const connection = new SpecialFolderConnection(connector, draftsSpecialFolder, log, timing);
	return {
		append: async ({ copy }) =>
			await connection.use(async (client, folder, socket) => {
				// Mail programs offer to go on writing what is \Draft; an unread draft would count as new mail.
				const flags = ['\\Draft', '\\Seen'];
				return { folder, ...(await appendMessage({ client, socket }, folder, copy, flags)) };
			}),
		close: async () => await connection.close(),
	};
}
