import { MailError } from '../../errors';
import type { Pop3Connection } from './connection';
import type { Numbering } from './numbering';

/** A mail of one session's snapshot. */
export interface ListedMessage {
	readonly uid: number;
	/** What the commands of this session call it. */
	readonly position: number;
}

/** By number, ascending. */
export type Listing = ReadonlyMap<number, ListedMessage>;

/** Lists the maildrop (UIDL). Throws `server.noUidl` where the server cannot. */
export async function listMessages(
	connection: Pop3Connection,
	numbering: Numbering,
	where: string,
): Promise<Listing> {
	const rows = (await readNames(connection, where)).map(toRow);
	const named = rows.filter((row) => row !== undefined);
	if (named.length < rows.length) {
		throw new MailError('server.noUidl', { subject: where });
	}
	const uids = numbering.assign(named.map(({ name }) => name));
	const messages = named.map(({ position }, index): ListedMessage => ({
		uid: uids[index] ?? 0,
		position,
	}));
	messages.sort((a, b) => a.uid - b.uid);
	return new Map(messages.map((message) => [message.uid, message]));
}

/** Refused without a word of its own means: no such command. */
async function readNames(connection: Pop3Connection, where: string): Promise<string[]> {
	return await connection.lines('UIDL', where, { code: 'server.noUidl', retryable: false });
}

function toRow(line: string): { position: number; name: string } | undefined {
	const [, position, name] = /^\s*(\d{1,10})\s+(\S+)\s*$/.exec(line) ?? [];
	return position === undefined || name === undefined
		? undefined
		: { position: Number(position), name };
}

/** Sizes by position (LIST); empty where the server gives none. */
export async function listSizes(
	connection: Pop3Connection,
	where: string,
): Promise<ReadonlyMap<number, number>> {
	const sizes = new Map<number, number>();
	for (const line of await connection.lines('LIST', where)) {
		const [, position, size] = /^\s*(\d{1,10})\s+(\d{1,15})/.exec(line) ?? [];
		if (position !== undefined) sizes.set(Number(position), Number(size));
	}
	return sizes;
}
