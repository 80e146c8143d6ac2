/**
 * The demo's IMAP side is hoodiecrow-imap 2.1.0 (MIT, 1.4 MB with everything it needs, kept by the author of
 * Nodemailer): it starts within milliseconds, keeps all mail in memory, and announces new mail to IDLE at once. It
 * lives in the demo only. Dovecot, which the tests run against, is a program that a newcomer would have to install
 * first; WildDuck and maildev bring a hundred times the size.
 *
 * Three of its habits shape this file: all its users share one storage, so every mailbox is a server of its own; it
 * leaves Nagle's algorithm on, which costs 40 ms for each command; and it forgets, after the first message of a FETCH,
 * how many bytes of a part were asked for, and gives none of the others.
 */
import type { Socket } from 'node:net';
import hoodiecrow from 'hoodiecrow-imap';
import fetchHandlers from 'hoodiecrow-imap/lib/commands/handlers/fetch';

export interface MailboxAccount {
	/** The main address; also the name to sign in with. */
	readonly user: string;
	readonly password: string;
}

/** One mailbox behind an IMAP server of its own, in memory. */
export interface Mailbox extends MailboxAccount {
	readonly imapPort: number;
	/** Puts a message into INBOX; whoever waits there with IDLE hears of it at once. */
	deliver(source: Buffer): void;
	/** The messages of a folder, oldest first. */
	messages(folder?: string): Buffer[];
	/** How many messages of INBOX carry \Seen. */
	seenCount(): number;
	close(): Promise<void>;
}

const HOST = '127.0.0.1';
const INBOX = 'INBOX';

/** What a usual provider offers. No STARTTLS: the bundled certificate of the library is long expired. */
const PLUGINS = [
	'ID',
	'SASL-IR',
	'AUTH-PLAIN',
	'NAMESPACE',
	'IDLE',
	'ENABLE',
	'LITERALPLUS',
	'UNSELECT',
	'SPECIAL-USE',
	'UIDPLUS',
	'MOVE',
];

const FOLDERS: Readonly<Record<string, hoodiecrow.Folder>> = {
	Archive: { 'special-use': '\\Archive' },
	Drafts: { 'special-use': '\\Drafts' },
	Junk: { 'special-use': '\\Junk' },
	Sent: { 'special-use': '\\Sent' },
	Trash: { 'special-use': '\\Trash' },
};

export async function openMailbox({ user, password }: MailboxAccount): Promise<Mailbox> {
	const server = hoodiecrow({
		plugins: PLUGINS,
		users: { [user]: { password } },
		storage: { [INBOX]: {}, '': { separator: '/', folders: FOLDERS } },
	});
	for (const name of ['BODY', 'BODY.PEEK'] as const) server.fetchHandlers[name] = fetchPart;
	const sockets = new Set<Socket>();
	server.server.on('connection', (socket: Socket) => {
		socket.setNoDelay(true);
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
	});
	await new Promise<void>((resolve, reject) => {
		server.server.once('error', reject);
		server.listen(0, HOST, resolve);
	});
	const address = server.server.address();
	if (address === null || typeof address === 'string') throw new Error('IMAP needs a TCP address');
	return {
		user,
		password,
		imapPort: address.port,
		deliver: (source) => server.appendMessage(INBOX, [], false, source.toString('latin1')),
		messages: (folder = INBOX) =>
			(server.getMailbox(folder)?.messages ?? []).map(({ raw }) => Buffer.from(raw, 'latin1')),
		seenCount: () =>
			(server.getMailbox(INBOX)?.messages ?? []).filter(({ flags }) => flags.includes('\\Seen'))
				.length,
		close: async () => {
			const closed = new Promise<void>((resolve) => server.close(resolve));
			for (const socket of sockets) socket.destroy();
			await closed;
		},
	};
}

/** What was asked for, by the item of the command that the library hands from message to message and changes. */
const askedRanges = new WeakMap<hoodiecrow.FetchItem, readonly number[]>();

const fetchPart: hoodiecrow.FetchHandler = (connection, message, item) => {
	if (item.partial === undefined) return fetchHandlers.BODY(connection, message, item);
	const asked = askedRanges.get(item) ?? [...item.partial];
	askedRanges.set(item, asked);
	const content = fetchHandlers.BODY(connection, message, { ...item, partial: [...asked] });
	// The answer names the beginning alone (RFC 3501, section 7.4.2).
	item.partial = asked.slice(0, 1);
	return content;
};
