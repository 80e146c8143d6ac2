import type { Connector, IncomingServer } from '../connector';
import { openFolder } from '../drivers/imap/folder';
import type { Lifeline } from '../drivers/imap/lifeline';
import { signIn } from '../drivers/imap/sign-in';
import { defaultTiming } from '../drivers/imap/timing';
import { toWhere } from '../drivers/net/endpoint';
import { isMailError, MailError } from '../errors';
import type { FolderState } from '../ports';
import { Path } from './path';
import { passSignIn } from './sign-in';
import type { StepLog } from './step-log';
import type { TimeLimit } from './time-limit';

const INBOX = 'INBOX';

/** Those that decide how soon new mail is noticed and how it is moved. */
const EXTENSIONS = ['IDLE', 'MOVE', 'UIDPLUS', 'CONDSTORE', 'SPECIAL-USE'];

/** The path, the sign-in and the folder. Resolves with a clause on what works; throws at the first failure. */
export async function checkIncoming(
	connector: Connector,
	server: IncomingServer,
	steps: StepLog,
	limit: TimeLimit,
): Promise<string> {
	const where = toWhere(server);
	const protection = await new Path('imap', server, connector, steps).walk(limit);
	steps.begin('authentication');
	const session = await limit.race(
		where,
		signIn(withRest(connector, limit), defaultTiming, limit.signal),
		async (late) => await late.close(),
	);
	try {
		const { capabilities } = session.client;
		const extensions = EXTENSIONS.filter((name) => capabilities.has(name));
		const reached = passSignIn(server, steps, extensions);
		steps.begin('folder');
		const { messages } = await limit.race(where, openInbox(session));
		const holds = toInboxSentence(messages);
		steps.pass(holds);
		return `${reached} (${protection}), ${holds}`;
	} finally {
		// A server that does not say goodbye in time has passed all the same.
		await limit.race(where, session.close()).catch(() => undefined);
	}
}

/** `INBOX holds 2 e-mails` */
export function toInboxSentence(messages: number): string {
	return `${INBOX} holds ${messages} ${messages === 1 ? 'e-mail' : 'e-mails'}`;
}

/** The driver has no more time than is left of the check. */
export function withRest(connector: Connector, limit: TimeLimit): Connector {
	return { ...connector, limits: { ...connector.limits, connectionTimeoutMs: limit.remainingMs } };
}

async function openInbox(session: Lifeline): Promise<FolderState> {
	try {
		return await session.run(
			`folder "${INBOX}"`,
			async (client) => await openFolder(client, INBOX),
		);
	} catch (error) {
		throw isPlainRefusal(error) ? toMissing(error) : error;
	}
}

/**
 * Without a response code, "no such mailbox, can't access mailbox" is all that NO means in answer to SELECT
 * (RFC 9051, section 6.3.2).
 */
function isPlainRefusal(error: unknown): error is MailError {
	if (!isMailError(error, 'server.unavailable')) return false;
	const { cause } = error;
	if (typeof cause !== 'object' || cause === null) return false;
	return !('serverResponseCode' in cause && typeof cause.serverResponseCode === 'string');
}

function toMissing({ subject, serverReply, cause }: MailError): MailError {
	return new MailError('mailbox.missing', {
		subject,
		serverReply,
		remedy: 'Check the additional mailbox in the connector, and that the account may open it.',
		cause,
	});
}
