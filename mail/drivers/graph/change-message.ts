import { z } from 'zod';
import {
	findKnown,
	forEach,
	type KnownMessage,
	type MailboxFolder,
	toMessageCall,
	unlessGone,
} from './mailbox-folder';
import { toQuery } from './path';

const SEEN = '\\seen';
const FLAGGED = '\\flagged';

const categoriesRow = z.object({ categories: z.array(z.string()).nullish() });

/**
 * Read mark, flag and categories, which any app with Mail.ReadWrite may change. Subject, text and recipients of a received
 * mail are never touched: Graph refuses that from 2026-12-31 on.
 */
export async function changeFlags(
	folder: MailboxFolder,
	operation: 'add' | 'remove',
	uids: readonly number[],
	flags: readonly string[],
): Promise<void> {
	const isAdded = operation === 'add';
	const wanted = new Set(flags.map((flag) => flag.toLowerCase()));
	const fixed = {
		...(wanted.has(SEEN) ? { isRead: isAdded } : {}),
		...(wanted.has(FLAGGED) ? { flag: { flagStatus: isAdded ? 'flagged' : 'notFlagged' } } : {}),
	};
	// Other system flags of IMAP have no counterpart.
	const keywords = flags.filter((flag) => flag !== '' && !flag.startsWith('\\'));
	if (Object.keys(fixed).length + keywords.length === 0) return;
	await forEach(findKnown(folder, uids), async (known) => {
		const categories =
			keywords.length === 0 ? {} : await toCategories(folder, known, keywords, isAdded);
		if (categories === undefined) return;
		const body = { ...fixed, ...categories };
		await unlessGone(folder.client.send({ ...toMessageCall(folder, known, 'PATCH'), body }));
	});
}

/** Categories are set all together. Undefined where the message is gone. */
async function toCategories(
	folder: MailboxFolder,
	known: KnownMessage,
	keywords: readonly string[],
	isAdded: boolean,
): Promise<{ categories: string[] } | undefined> {
	const call = toMessageCall(folder, known, 'GET', toQuery({ $select: 'categories' }));
	const row = await unlessGone(folder.client.read(call, categoriesRow));
	if (row === undefined) return undefined;
	const named = new Set(keywords.map((keyword) => keyword.toLowerCase()));
	const others = (row.categories ?? []).filter((name) => !named.has(name.toLowerCase()));
	return { categories: isAdded ? [...others, ...keywords] : others };
}

/** Messages that are gone are left out. */
export async function transfer(
	folder: MailboxFolder,
	operation: 'copy' | 'move',
	uids: readonly number[],
	destinationId: string,
): Promise<void> {
	await forEach(findKnown(folder, uids), async (known) => {
		const call = toMessageCall(folder, known, 'POST', `/${operation}`);
		const body = { destinationId };
		// A message that is moved there once more stays where it is: its id is still the same.
		const isRepeatable = operation === 'move';
		await unlessGone(folder.client.send({ ...call, body, isRepeatable }));
		if (operation === 'move') folder.numbering.forget(known.id);
	});
}

/** As Outlook does it: into Deleted Items, and from there for good. */
export async function deleteMessages(
	folder: MailboxFolder,
	uids: readonly number[],
): Promise<void> {
	await forEach(findKnown(folder, uids), async (known) => {
		await unlessGone(folder.client.send(toMessageCall(folder, known, 'DELETE')));
		folder.numbering.forget(known.id);
	});
}
