import { createMailboxDriver } from '../bridge/mailbox-driver';
import type { IncomingMessage } from '../../mail/inbox/delivery';
import { Intake } from '../../mail/inbox/intake';
import { SAFETY_POLL_MS } from '../../mail/limits';
import type { MailboxSession } from '../../mail/ports';
import type { Preparation } from './preparation';

/**
 * The newest mail of the folder, the newest unread one where the trigger starts with unread mail; waits for one where
 * there is none. Changes nothing on the server. Aborting ends the wait with an error.
 */
export async function fetchNewest(
	{ connector, settings, intake: intakeSettings, log }: Preparation,
	signal: AbortSignal,
): Promise<IncomingMessage> {
	const driver = createMailboxDriver(connector, log);
	const session = await driver.openFolder(settings.folder, signal);
	try {
		const intake = new Intake(session, intakeSettings);
		for (;;) {
			const uid = await findNewest(session, settings.startWith.kind === 'unread');
			const message = uid === undefined ? undefined : await readOne(intake, uid);
			if (message !== undefined) return message;
			await session.waitForChange(SAFETY_POLL_MS, signal);
			signal.throwIfAborted();
		}
	} finally {
		await session.close();
	}
}

async function findNewest(session: MailboxSession, unseen: boolean): Promise<number | undefined> {
	const uids = await session.search(unseen ? { unseen } : {});
	return uids.at(-1);
}

/** Undefined where the mail has gone meanwhile. */
async function readOne(intake: Intake, uid: number): Promise<IncomingMessage | undefined> {
	const { heads } = await intake.readHeads([uid]);
	for await (const { messages } of intake.readMessages(heads)) {
		const [message] = messages;
		if (message !== undefined) return { ...message, attempt: 1 };
	}
	return undefined;
}
