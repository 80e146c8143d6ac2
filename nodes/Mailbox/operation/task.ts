import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { MailError } from '../../../mail/errors';
import type { MessageHead } from '../../../mail/message';
import type { MailboxSession, MessageReference } from '../../../mail/ports';

/** What an operation works with, for one item. */
export interface Task {
	readonly session: MailboxSession;
	readonly item: INodeExecutionData;
	/** See `accountKey`. */
	readonly account: string;
	readonly helpers: Pick<IExecuteFunctions['helpers'], 'prepareBinaryData'>;
}

/** The UID of the message. Throws `message.missing`. */
export async function findUid(
	session: MailboxSession,
	reference: MessageReference,
): Promise<number> {
	const uid = await session.find(reference);
	if (uid !== undefined) return uid;
	throw new MailError('message.missing', {
		subject: `${reference.messageId || `UID ${reference.uid}`} in folder "${reference.folder}"`,
		remedy: 'It was moved or deleted, by somebody else or by an earlier step.',
	});
}

/** Throws `message.missing` and `message.unreadable`. */
export async function readHead(
	session: MailboxSession,
	reference: MessageReference,
): Promise<MessageHead> {
	const uid = await findUid(session, reference);
	const [entry] = await session.fetchHeads([uid]);
	if (entry === undefined) throw new MailError('message.missing', { subject: `UID ${uid}` });
	if ('error' in entry) throw entry.error;
	return entry.head;
}

/** The message as it is in the session's folder now. */
export function toReference(
	session: MailboxSession,
	{ uid, messageId }: Pick<MessageHead, 'uid' | 'messageId'>,
): MessageReference {
	const { path: folder, uidValidity } = session.folder;
	return { folder, uidValidity, uid, serverId: session.serverId(uid), messageId };
}
