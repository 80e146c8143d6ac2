import type { Connector } from '../../connector';
import type { Log, MailboxDriver } from '../../ports';
import { ChangeSignal } from './change-signal';
import { listFolders, openFolder } from './folder';
import { createSession } from './session';
import { runPhase, signIn } from './sign-in';
import { defaultTiming, type Timing } from './timing';

/** Reads mailboxes by IMAP. Opens nothing before it is asked to. */
export function createImapDriver(
	connector: Connector,
	log: Log,
	timing: Timing = defaultTiming,
): MailboxDriver {
	const { connectionTimeoutMs: timeoutMs } = connector.limits;
	return {
		abilities: { marks: true, folders: true },

		openFolder: async (path, signal) => {
			const lifeline = await signIn(connector, timing, signal);
			// Before the folder is open: nothing may be announced unheard.
			const change = new ChangeSignal(lifeline.client);
			const subject = `folder "${path}"`;
			const folder = await runPhase(lifeline, { where: subject, timeoutMs, signal }, async () => {
				return await openFolder(lifeline.client, path);
			});
			log.debug(`Opened ${subject} of ${connector.name}`);
			return createSession(lifeline, folder, change, log);
		},

		listFolders: async (signal) => {
			const lifeline = await signIn(connector, timing, signal);
			try {
				return await runPhase(lifeline, { where: 'LIST', timeoutMs, signal }, async () => {
					return await listFolders(lifeline.client);
				});
			} finally {
				await lifeline.close();
			}
		},
	};
}
