import type { ImapFlow } from 'imapflow';
import { isMailError, MailError } from '../../errors';
import type { OpenFolder } from './open-folder';
import { storeFlags } from './store-flags';
import { toUidBatches, toUidRange } from './uid-range';

/** See `MailboxSession.copy`. */
export async function copyMessages(
	{ client, refusals }: OpenFolder,
	uids: readonly number[],
	target: string,
): Promise<void> {
	for (const asked of toUidBatches(uids)) {
		await intoFolder(client, target, async (subject) => {
			await refusals.demand(subject, client.messageCopy(toUidRange(asked), target, { uid: true }));
		});
	}
}

/** See `MailboxSession.move`. imapflow's own way without MOVE ends in an EXPUNGE of the whole folder. */
export async function moveMessages(
	folder: OpenFolder,
	uids: readonly number[],
	target: string,
): Promise<void> {
	const { client, refusals } = folder;
	if (!supports(client, 'MOVE')) {
		await copyMessages(folder, uids, target);
		await deleteMessages(folder, uids);
		return;
	}
	for (const asked of toUidBatches(uids)) {
		await intoFolder(client, target, async (subject) => {
			await refusals.demand(subject, client.messageMove(toUidRange(asked), target, { uid: true }));
		});
	}
}

/** See `MailboxSession.delete`. */
export async function deleteMessages(folder: OpenFolder, uids: readonly number[]): Promise<void> {
	const { client, refusals, subject, log } = folder;
	await storeFlags(folder, 'add', uids, ['\\Deleted']);
	if (!supports(client, 'UIDPLUS') && (await countOtherDeleted(folder, uids)) > 0) {
		log.warn(
			`${subject}: other e-mails wait for their deletion, and this server can only remove all at once. ` +
				`${uids.length} e-mails were marked as deleted and go with them.`,
		);
		return;
	}
	// `silent` is passed on to STORE: our own change must not wake us.
	const options = { uid: true, silent: true };
	for (const asked of toUidBatches(uids)) {
		// UID EXPUNGE where the server has it (RFC 4315), otherwise EXPUNGE, which is safe now.
		await refusals.demand(subject, client.messageDelete(toUidRange(asked), options));
	}
}

/** Without UIDPLUS, EXPUNGE removes every mail that is marked, also those that another client has only marked. */
async function countOtherDeleted(
	{ client, subject }: OpenFolder,
	uids: readonly number[],
): Promise<number> {
	const marked = await client.search({ deleted: true }, { uid: true });
	if (!Array.isArray(marked)) throw new MailError('server.protocol', { subject });
	const ours = new Set(uids);
	return marked.filter((uid) => !ours.has(uid)).length;
}

/** Both are part of IMAP4rev2 and need not be named then (RFC 9051, appendix E). */
function supports(client: ImapFlow, capability: 'MOVE' | 'UIDPLUS'): boolean {
	return client.capabilities.has(capability) || client.enabled.has('IMAP4REV2');
}

/** What is refused is the target's fault, where the server says so or names no reason. */
async function intoFolder(
	client: ImapFlow,
	target: string,
	command: (subject: string) => Promise<void>,
): Promise<void> {
	const subject = `folder "${target}"`;
	try {
		await command(subject);
	} catch (error) {
		if (!isMailError(error)) throw error;
		const details = { subject, serverReply: error.serverReply, cause: error };
		if (error.code === 'message.tooLarge') {
			const remedy = 'The mailbox is full. Delete e-mails in it, or have its quota raised.';
			throw new MailError('limit.exceeded', { ...details, remedy });
		}
		const isUnexplained = error.code === 'server.unavailable' && client.usable;
		if (!isUnexplained || (await isThere(client, target))) throw error;
		throw new MailError('mailbox.missing', details);
	}
}

/** The server's name of a folder may have the prefix of a namespace, which users leave out as imapflow does. */
async function isThere(client: ImapFlow, target: string): Promise<boolean> {
	return (await client.list()).some(
		({ path, delimiter }) => path === target || path.endsWith(`${delimiter}${target}`),
	);
}
