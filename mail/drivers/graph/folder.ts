import { z } from 'zod';
import { MailError } from '../../errors';
import type { Folder } from '../../ports';
import type { GraphClient } from './client';
import { faultOf } from './error';
import { graphPath, toLiteral, toQuery } from './path';

const row = z.object({
	id: z.string().min(1),
	displayName: z.string().nullish(),
	childFolderCount: z.number().nullish(),
	totalItemCount: z.number().nullish(),
});

type FolderRow = z.infer<typeof row>;

const SELECT = 'id,displayName,childFolderCount,totalItemCount';

/** Folders on one page, and how deep they may nest. */
const PAGE = 200;
const DEPTH = 30;

const INBOX = 'INBOX';

/** What Graph calls the folders that every mailbox has, in no language (Microsoft: mailFolder). RFC 6154 beside it. */
const wellKnown: ReadonlyMap<string, string> = new Map([
	['inbox', '\\Inbox'],
	['sentitems', '\\Sent'],
	['drafts', '\\Drafts'],
	['deleteditems', '\\Trash'],
	['junkemail', '\\Junk'],
	['archive', '\\Archive'],
]);

export interface FoundFolder {
	readonly id: string;
	readonly messages: number;
}

/**
 * The folder of a path as `listFolders` gives it: names from the top, joined by `/`; or one of Graph's own names. Throws
 * `mailbox.missing` where there is none.
 */
export async function findFolder(
	client: GraphClient,
	path: string,
	signal: AbortSignal,
): Promise<FoundFolder> {
	const subject = `folder "${path}"`;
	const [top = '', ...names] = path.split('/').map(fromSegment);
	let found = await findTop(client, top, subject, signal);
	for (const name of names) {
		if (found === undefined) break;
		const place = `${client.mailbox}${graphPath`/mailFolders/${found.id}`}/childFolders`;
		found = await findByName(client, place, name, subject, signal);
	}
	if (found === undefined) throw new MailError('mailbox.missing', { subject });
	return { id: found.id, messages: found.totalItemCount ?? 0 };
}

async function findTop(
	client: GraphClient,
	name: string,
	subject: string,
	signal: AbortSignal,
): Promise<FolderRow | undefined> {
	const wellKnownName = name.toLowerCase();
	if (wellKnownName === 'inbox') return await getFolder(client, 'inbox', subject, signal);
	const place = `${client.mailbox}/mailFolders`;
	const named = await findByName(client, place, name, subject, signal);
	if (named !== undefined || !wellKnown.has(wellKnownName)) return named;
	return await getFolder(client, wellKnownName, subject, signal);
}

/** Undefined where the mailbox has no such folder, as many have no archive. */
async function getFolder(
	client: GraphClient,
	id: string,
	subject: string,
	signal: AbortSignal,
): Promise<FolderRow | undefined> {
	const path = `${client.mailbox}${graphPath`/mailFolders/${id}`}${toQuery({ $select: SELECT })}`;
	try {
		return await client.read({ method: 'GET', path, subject, signal }, row);
	} catch (error) {
		const { status, code = '' } = faultOf(error) ?? {};
		if (status === 404 && /^Error(ItemNotFound|FolderNotFound)$/i.test(code)) return undefined;
		throw error;
	}
}

async function findByName(
	client: GraphClient,
	place: string,
	name: string,
	subject: string,
	signal: AbortSignal,
): Promise<FolderRow | undefined> {
	const query = toQuery({ $select: SELECT, $filter: `displayName eq ${toLiteral(name)}` });
	const call = { method: 'GET', path: `${place}${query}`, subject, signal } as const;
	for await (const { items } of client.pages(call, row)) {
		const found = items.find(({ displayName }) => isSameName(displayName ?? '', name));
		if (found !== undefined) return found;
	}
	return undefined;
}

/** As Exchange does, which lets no two folders in one place differ in this alone. */
function isSameName(a: string, b: string): boolean {
	return a.toLowerCase() === b.toLowerCase();
}

/** All folders with their sub-folders. */
export async function listFolders(client: GraphClient, signal: AbortSignal): Promise<Folder[]> {
	const uses = await readUses(client, signal);
	const found: Folder[] = [];
	const walk = async (place: string, prefix: string, depth: number): Promise<void> => {
		const query = toQuery({ $select: SELECT, $top: PAGE });
		const call = { method: 'GET', path: `${place}${query}`, subject: 'folders', signal } as const;
		for await (const { items } of client.pages(call, row)) {
			for (const { id, displayName, childFolderCount } of items) {
				const specialUse = uses.get(id);
				const isInbox = specialUse === '\\Inbox';
				const path = `${prefix}${isInbox ? INBOX : toSegment(displayName ?? '')}`;
				found.push({ path, specialUse, selectable: true });
				if ((childFolderCount ?? 0) === 0 || depth === DEPTH) continue;
				const children = `${client.mailbox}${graphPath`/mailFolders/${id}`}/childFolders`;
				await walk(children, `${path}/`, depth + 1);
			}
		}
	};
	await walk(`${client.mailbox}/mailFolders`, '', 1);
	return found;
}

/** RFC 6154 uses by folder id. */
async function readUses(
	client: GraphClient,
	signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
	const pairs = await Promise.all(
		[...wellKnown].map(async ([name, use]): Promise<Array<[string, string]>> => {
			const folder = await getFolder(client, name, 'folders', signal);
			return folder === undefined ? [] : [[folder.id, use]];
		}),
	);
	return new Map(pairs.flat());
}

/** A name with a slash is one name. */
function toSegment(name: string): string {
	return name.replaceAll('%', '%25').replaceAll('/', '%2F');
}

function fromSegment(segment: string): string {
	return segment.replaceAll('%2F', '/').replaceAll('%2f', '/').replaceAll('%25', '%');
}
