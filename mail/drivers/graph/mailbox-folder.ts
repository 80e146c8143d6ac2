import { isMailError, MailError } from '../../errors';
import type { GraphCall, GraphClient } from './client';
import type { FoundFolder } from './folder';
import type { Numbering } from './numbering';
import { graphPath } from './path';

/** The open folder: what all commands of a session share. */
export interface MailboxFolder {
	readonly client: GraphClient;
	readonly path: string;
	readonly id: FoundFolder['id'];
	readonly numbering: Numbering;
	/** Fires when the session is closed. */
	readonly signal: AbortSignal;
}

export interface KnownMessage {
	readonly uid: number;
	readonly id: string;
}

/** A request about one message. */
export function toMessageCall(
	{ client, signal }: MailboxFolder,
	{ uid, id }: KnownMessage,
	method: GraphCall['method'],
	rest = '',
): GraphCall {
	const path = `${client.mailbox}${graphPath`/messages/${id}`}${rest}`;
	return { method, path, subject: `UID ${uid}`, signal };
}

export function findKnown({ numbering }: MailboxFolder, uids: readonly number[]): KnownMessage[] {
	return uids.flatMap((uid) => {
		const id = numbering.idOf(uid);
		return id === undefined ? [] : [{ uid, id }];
	});
}

/** Throws `message.missing`. */
export function requireKnown(folder: MailboxFolder, uid: number): KnownMessage {
	const [known] = findKnown(folder, [uid]);
	if (known === undefined) throw toMissing(uid);
	return known;
}

export function toMissing(uid: number): MailError {
	return new MailError('message.missing', { subject: `UID ${uid}` });
}

/** As long as the message is there: undefined where it is not. */
export async function unlessGone<T>(work: Promise<T>): Promise<T | undefined> {
	try {
		return await work;
	} catch (error) {
		if (isMailError(error, 'message.missing')) return undefined;
		throw error;
	}
}

/** How many do a thing at a time: what Graph allows in one mailbox anyway. */
const AT_A_TIME = 3;

/** In the order given; the first failure ends it. */
export async function forEach<T, R>(
	items: readonly T[],
	work: (item: T) => Promise<R>,
): Promise<R[]> {
	const results: R[] = [];
	const queue = items.entries();
	const run = async () => {
		for (const [index, item] of queue) results[index] = await work(item);
	};
	await Promise.all(Array.from({ length: AT_A_TIME }, run));
	return results;
}
