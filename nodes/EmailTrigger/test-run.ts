import { createMailboxDriver } from '../bridge/mailbox-driver';
import type { IncomingMessage } from '../../mail/inbox/delivery';
import { Intake } from '../../mail/inbox/intake';
import { SAFETY_POLL_MS } from '../../mail/limits';
import type { Preparation } from './preparation';

/**
 * The newest mails of the folder, the newest unread ones where the trigger starts with unread mail, the newest of them
 * first; waits for one where there is none. Changes nothing on the server. Aborting ends the wait with an error.
 */
export async function fetchNewest(
	{ connector, settings, intake: intakeSettings, log }: Preparation,
	signal: AbortSignal,
): Promise<IncomingMessage[]> {
	const driver = createMailboxDriver(connector, log);
	const session = await driver.openFolder(settings.folder, signal);
	try {
		const intake = new Intake(session, intakeSettings);
		for (;;) {
			const uids = await session.search(
				settings.startWith.kind === 'unread' ? { unseen: true } : {},
			);
			const messages = await readAll(intake, uids.slice(-settings.testMessages));
			if (messages.length > 0) return messages.reverse();
			await session.waitForChange(SAFETY_POLL_MS, signal);
			signal.throwIfAborted();
		}
	} finally {
		await session.close();
	}
}

/** Without those that have gone meanwhile. */
async function readAll(intake: Intake, uids: readonly number[]): Promise<IncomingMessage[]> {
	const { heads } = await intake.readHeads(uids);
	const read: IncomingMessage[] = [];
	for await (const { messages } of intake.readMessages(heads)) {
		read.push(...messages.map((message) => ({ ...message, attempt: 1 })));
	}
	return read;
}
