import type { FetchMessageObject, FetchQueryObject, ImapFlow } from 'imapflow';
import { MailError } from '../../errors';
import { isConnectionFailure, toImapError } from './error';
import { toUidRange } from './uid-range';

/** What one FETCH brought for each message. */
export interface FetchedRows {
	readonly rows: ReadonlyMap<number, FetchMessageObject>;
	/** Messages for which the server refused, one by one. */
	readonly errors: ReadonlyMap<number, MailError>;
}

/**
 * Fetches the same of all messages with one command. Where the server refuses the whole because of one message, the
 * set is halved until only that one fails. Messages that are gone are in neither map.
 * Throws MailError when the connection fails or the server wants to be left alone.
 */
export async function fetchRows(
	client: ImapFlow,
	uids: readonly number[],
	query: FetchQueryObject,
): Promise<FetchedRows> {
	const rows = new Map<number, FetchMessageObject>();
	const errors = new Map<number, MailError>();
	await collect(client, uids, query, rows, errors);
	return { rows, errors };
}

async function collect(
	client: ImapFlow,
	uids: readonly number[],
	query: FetchQueryObject,
	rows: Map<number, FetchMessageObject>,
	errors: Map<number, MailError>,
): Promise<void> {
	const [first] = uids;
	if (first === undefined) return;
	try {
		// All rows first: a command that is awaited between two rows of a FETCH never ends.
		for (const row of await client.fetchAll(
			toUidRange(uids),
			{ ...query, uid: true },
			{ uid: true },
		)) {
			// A change of flags that falls into the answer comes as a row of its own.
			if (row.uid !== undefined) rows.set(row.uid, { ...rows.get(row.uid), ...row });
		}
	} catch (error) {
		const translated = toImapError(error, uids.length === 1 ? `UID ${first}` : 'FETCH');
		if (
			isConnectionFailure(translated) ||
			translated.code === 'server.throttled' ||
			!client.usable
		) {
			throw translated;
		}
		if (uids.length === 1) {
			errors.set(
				first,
				new MailError('message.unreadable', {
					subject: `UID ${first}`,
					serverReply: translated.serverReply,
					cause: error,
				}),
			);
			return;
		}
		const middle = Math.ceil(uids.length / 2);
		await collect(client, uids.slice(0, middle), query, rows, errors);
		await collect(client, uids.slice(middle), query, rows, errors);
	}
}
