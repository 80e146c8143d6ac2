import { ImapFlow } from 'imapflow';
import { createImapDriver } from '../../mail/drivers/imap';
import type { MessageHead } from '../../mail/message';
import type { Log, MailboxSession } from '../../mail/ports';
import { imapConnector, silentLog } from '../mail/drivers/imap/imap-connector';
import type { Dovecot } from './dovecot';

const NEVER = new AbortController().signal;

/** A session of the driver as the server's first user. The caller closes it. */
export async function openFolder(
	server: Dovecot,
	path: string,
	log: Log = silentLog,
): Promise<MailboxSession> {
	const [account] = server.users;
	if (account === undefined) throw new Error('the server has no users');
	const connector = imapConnector({ host: server.host, port: server.imapPort, ...account });
	return await createImapDriver(connector, log).openFolder(path, NEVER);
}

let folders = 0;

/** A folder of its own for a test, so that no other mail gets into it. */
export async function makeFolder(server: Dovecot): Promise<string> {
	const path = `Own ${++folders}`;
	await asClient(server, async (client) => await client.mailboxCreate(path));
	return path;
}

/** Another client of the same mailbox, beside the driver; of the server's first user unless `name` is another. */
export async function asClient<T>(
	{ host, imapPort, users }: Dovecot,
	action: (client: ImapFlow) => Promise<T>,
	name?: string,
): Promise<T> {
	const account = users.find(({ user }) => user === (name ?? user));
	const client = new ImapFlow({
		host,
		port: imapPort,
		secure: false,
		doSTARTTLS: false,
		auth: { user: account?.user ?? '', pass: account?.password ?? '' },
		logger: false,
	});
	await client.connect();
	try {
		return await action(client);
	} finally {
		await client.logout();
	}
}

export async function headsOf(
	session: MailboxSession,
	uids: readonly number[],
): Promise<MessageHead[]> {
	return (await session.fetchHeads(uids)).map((entry) => {
		if ('error' in entry) throw entry.error;
		return entry.head;
	});
}
