import type { Connector } from '../../connector';
import { MailError } from '../../errors';
import type { DraftsFolder, Log } from '../../ports';
import { draftsSpecialFolder } from './special-folder';
import { SpecialFolderConnection } from './special-folder-connection';
import type { Timing } from './timing';

/** The account's folder of unfinished mail, see `SpecialFolderConnection`. */
export function createDraftsFolder(connector: Connector, log: Log, timing?: Timing): DraftsFolder {
	const connection = new SpecialFolderConnection(connector, draftsSpecialFolder, log, timing);
	return {
		append: async (message) => {
			const source = await message.read();
			return await connection.use(async (client, folder) => {
				// Mail programs offer to go on writing what is \Draft; an unread draft would count as new mail.
				const flags = ['\\Draft', '\\Seen'];
				const appended = await client.append(folder, source, flags, new Date());
				if (!appended) throw new MailError('server.protocol', { subject: `folder "${folder}"` });
				const { uid, uidValidity } = appended;
				return { folder, uid, uidValidity: uidValidity?.toString() };
			});
		},
		close: async () => await connection.close(),
	};
}
