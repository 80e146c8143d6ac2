import type { Connector } from '../../connector';
import { MailError } from '../../errors';
import type { FolderState, Log, MailboxDriver } from '../../ports';
import { requireIncomingServer } from '../net/incoming-server';
import { Maildrop } from './maildrop';
import { Numbering } from './numbering';
import { createSession } from './session';
import { defaultTiming, type Timing } from './timing';

const INBOX = 'INBOX';

/** Reads mailboxes by POP3. Opens nothing before it is asked to. */
export function createPop3Driver(
	connector: Connector,
	log: Log,
	timing: Timing = defaultTiming,
): MailboxDriver {
	return {
		abilities: { marks: false, folders: false },

		openFolder: async (path, signal, memory) => {
			const incoming = requireIncomingServer(connector);
			if (path.toUpperCase() !== INBOX) {
				throw new MailError('mailbox.missing', {
					subject: `folder "${path}"`,
					remedy: `POP3 mailboxes have one folder only: ${INBOX}.`,
				});
			}
			const numbering = new Numbering(memory);
			const maildrop = new Maildrop(connector, incoming, numbering, timing);
			const { listing } = await maildrop.open(signal);
			log.debug(`Opened ${INBOX} of ${connector.name}`);
			const folder: FolderState = {
				path: INBOX,
				uidValidity: numbering.epoch,
				uidNext: numbering.next,
				messages: listing.size,
				readOnly: false,
			};
			return createSession(maildrop, numbering, folder, log);
		},

		// The protocol knows no others, so that nobody has to be asked.
		listFolders: async () =>
			await Promise.resolve([{ path: INBOX, specialUse: '\\Inbox', selectable: true }]),
	};
}
