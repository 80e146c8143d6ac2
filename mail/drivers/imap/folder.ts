import type { ImapFlow, MailboxObject } from 'imapflow';
import { MailError } from '../../errors';
import type { Folder, FolderState } from '../../ports';

export async function listFolders(client: ImapFlow): Promise<Folder[]> {
	const entries = await client.list();
	return entries.map(({ path, specialUse, flags }) => ({
		path,
		specialUse,
		selectable: !hasFlag(flags, '\\Noselect') && !hasFlag(flags, '\\NonExistent'),
	}));
}

function hasFlag(flags: ReadonlySet<string>, wanted: string): boolean {
	return [...flags].some((flag) => flag.toLowerCase() === wanted.toLowerCase());
}

export async function openFolder(client: ImapFlow, path: string): Promise<FolderState> {
	const mailbox = await client.mailboxOpen(path);
	return {
		path: mailbox.path,
		uidValidity: String(mailbox.uidValidity),
		uidNext: await readUidNext(client, mailbox),
		messages: mailbox.exists,
		readOnly: mailbox.readOnly === true,
	};
}

/** SELECT should tell it (RFC 9051, section 6.3.2), STATUS has to; old servers tell neither. */
async function readUidNext(client: ImapFlow, mailbox: MailboxObject): Promise<number> {
	if (isUid(mailbox.uidNext)) return mailbox.uidNext;
	const status = await client.status(mailbox.path, { uidNext: true });
	if (status !== false && isUid(status.uidNext)) return status.uidNext;
	const uids = await client.search({ uid: '*' }, { uid: true });
	if (!Array.isArray(uids)) throw new MailError('server.protocol', { subject: mailbox.path });
	return Math.max(0, ...uids) + 1;
}

function isUid(value: unknown): value is number {
	return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
