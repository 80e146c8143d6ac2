import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { ImapFlow } from 'imapflow';
import { encodePath } from 'imapflow/lib/tools.js';
import { MailError } from '../../errors';
import { COMPOSE_IN_MEMORY_BYTES } from '../../limits';
import type { MessageCopy } from '../../ports';

/** One word of a command, as imapflow writes it: `TEXT` verbatim, `ATOM` quoted where it has to be. */
interface Word {
	readonly type: 'ATOM' | 'STRING' | 'TEXT';
	readonly value: string;
}

/** imapflow's way to any command, which its types leave out: its `append` takes whole messages only. */
interface CommandChannel {
	exec(
		command: string,
		words: ReadonlyArray<Word | readonly Word[]>,
		options: { onPlusTag(): void },
	): Promise<Answer>;
}

/** The server's OK, with the words of its response code; `next` lets the connection go on. */
interface Answer {
	readonly response: {
		readonly attributes?: ReadonlyArray<{ readonly section?: ReadonlyArray<{ value?: unknown }> }>;
	};
	next(): void;
}

export interface Appended {
	/** Where the server tells it (RFC 4315, APPENDUID). */
	readonly uid?: number;
	readonly uidValidity?: string;
}

/**
 * Puts a message into a folder (RFC 9051, section 6.3.12), a large one without holding it in memory. Belongs into
 * `Lifeline.run`, which translates what is thrown.
 *
 * @param socket of the client
 */
export async function appendMessage(
	{ client, socket }: { readonly client: ImapFlow; readonly socket: Socket },
	path: string,
	copy: MessageCopy,
	flags: readonly string[],
): Promise<Appended> {
	const subject = `folder "${path}"`;
	if (copy.sizeBytes > COMPOSE_IN_MEMORY_BYTES && isChannel(client)) {
		refuseTooLarge(client, copy, subject);
		return await streamMessage(client, socket, path, copy, flags);
	}
	const appended = await client.append(path, await buffer(copy.open()), [...flags], new Date());
	if (!appended) throw new MailError('server.protocol', { subject });
	return { uid: appended.uid, uidValidity: appended.uidValidity?.toString() };
}

function isChannel(client: ImapFlow): client is ImapFlow & CommandChannel {
	return 'exec' in client && typeof client.exec === 'function';
}

/** RFC 7889: the server has told how much it takes. */
function refuseTooLarge(client: ImapFlow, { sizeBytes }: MessageCopy, subject: string): void {
	const limit = client.capabilities.get('APPENDLIMIT');
	if (typeof limit !== 'number' || sizeBytes <= limit) return;
	throw new MailError('message.tooLarge', { subject });
}

/** The announcement first; the bytes when the server has asked for them (RFC 9051, section 4.3). */
async function streamMessage(
	client: ImapFlow & CommandChannel,
	socket: Socket,
	path: string,
	copy: MessageCopy,
	flags: readonly string[],
): Promise<Appended> {
	let upload: Promise<void> | undefined;
	const words = [
		{ type: 'ATOM', value: encodePath(client, path) },
		flags.map((value) => ({ type: 'ATOM', value }) as const),
		{ type: 'STRING', value: toImapDate(new Date()) },
		{ type: 'TEXT', value: `{${copy.sizeBytes}}` },
	] as const;
	const answer = await client.exec('APPEND', words, {
		// Not awaited here: the server may refuse in the middle, and must be heard. A message that cannot be read to
		// its end ends the connection: there is no other way to take an announcement back.
		onPlusTag: () => {
			upload ??= writeLiteral(copy, socket);
			upload.catch(() => socket.destroy());
		},
	});
	answer.next();
	await upload;
	return toAppended(answer);
}

async function writeLiteral(copy: MessageCopy, socket: Socket): Promise<void> {
	await pipeline(copy.open(), socket, { end: false });
	socket.write('\r\n');
}

/** `[APPENDUID 38505 3955]`; numbers of at most 32 bits. */
function toAppended({ response }: Answer): Appended {
	const [code, uidValidity, uid] = (response.attributes?.[0]?.section ?? []).map(({ value }) =>
		typeof value === 'string' ? value : '',
	);
	const isNumber = (text = '') => /^\d{1,10}$/.test(text);
	if (code?.toUpperCase() !== 'APPENDUID' || !isNumber(uid) || !isNumber(uidValidity)) return {};
	return { uid: Number(uid), uidValidity };
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** RFC 9051, section 9, date-time: `21-Nov-2026 17:12:28 +0000`. */
function toImapDate(date: Date): string {
	const day = String(date.getUTCDate()).padStart(2, ' ');
	const month = MONTHS[date.getUTCMonth()] ?? '';
	return `${day}-${month}-${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)} +0000`;
}
