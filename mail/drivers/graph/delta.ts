import { z } from 'zod';
import { toDate } from '../mime/header-value';
import type { GraphClient } from './client';
import { faultOf } from './error';
import { graphPath, toQuery } from './path';

/** Messages on one page; Graph gives a thousand at most. */
const PAGE = 500;

const entry = z
	.object({
		id: z.string().min(1),
		receivedDateTime: z.string().nullish(),
		lastModifiedDateTime: z.string().nullish(),
		isDraft: z.boolean().nullish(),
		'@removed': z.unknown().optional(),
	})
	.transform((row) => ({
		id: row.id,
		/** Undefined in the fragments by which Graph tells of a changed read mark. */
		receivedAt: toDate(row.receivedDateTime ?? undefined),
		modifiedAt: toDate(row.lastModifiedDateTime ?? undefined),
		isDraft: row.isDraft ?? false,
		/** Deleted, or moved to another folder. */
		isRemoved: row['@removed'] !== undefined,
	}));

export type DeltaEntry = z.infer<typeof entry>;

export interface DeltaCall {
	readonly client: GraphClient;
	readonly folderId: string;
	readonly subject: string;
	readonly signal: AbortSignal;
}

/**
 * One round of changes, page by page; the last page has the link for the next round. An entry may come twice, removed
 * and read messages come although only new ones are asked for, and their order says nothing (Microsoft: message-delta).
 *
 * @param link of the last round; undefined: everything in the folder
 */
export async function* readDelta(
	{ client, folderId, subject, signal }: DeltaCall,
	link: string | undefined,
): AsyncGenerator<{ readonly entries: readonly DeltaEntry[]; readonly deltaLink?: string }> {
	const folder = graphPath`/mailFolders/${folderId}`;
	const select = 'receivedDateTime,lastModifiedDateTime,isDraft';
	const query = toQuery({ changeType: 'created', $select: select });
	const first = `${client.mailbox}${folder}/messages/delta${query}`;
	const call = { method: 'GET', path: link ?? first, subject, signal } as const;
	const prefer = [`odata.maxpagesize=${PAGE}`];
	for await (const page of client.pages({ ...call, prefer }, entry)) {
		yield { entries: page.items, deltaLink: page.deltaLink };
	}
}

const expiredCodes: ReadonlySet<string> = new Set([
	'syncstatenotfound',
	'syncstateinvalid',
	'resyncrequired',
	'errorinvalidsyncstatedata',
]);

/**
 * Whether Graph has forgotten how far the folder was read: a link is kept as long as there is room for it. What it cannot
 * read any more (400) is as good as forgotten.
 */
export function isExpired(error: unknown): boolean {
	const fault = faultOf(error);
	if (fault === undefined) return false;
	return fault.status === 410 || fault.status === 400 || expiredCodes.has(fault.code.toLowerCase());
}
