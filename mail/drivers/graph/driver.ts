import { z } from 'zod';
import type { Connector, GraphAccount } from '../../connector';
import { MailError } from '../../errors';
import { GRAPH_POLL_MS } from '../../limits';
import type { FolderState, Log, MailboxDriver } from '../../ports';
import { toDate } from '../mime/header-value';
import { createGraphClient, type GraphClient } from './client';
import { findFolder, listFolders } from './folder';
import { Lookout, type LookoutMemory } from './lookout';
import type { MailboxFolder } from './mailbox-folder';
import { readMemory } from './memory';
import { Numbering } from './numbering';
import { graphPath, toQuery } from './path';
import { SeenIds } from './seen-ids';
import { createSession } from './session';

/** How a session waits. Tests use shorter times. */
export interface GraphTiming {
	/** The folder is looked at this often. */
	readonly pollMs: number;
}

const defaultTiming: GraphTiming = { pollMs: GRAPH_POLL_MS };

/** Reads mailboxes by Microsoft Graph. Opens nothing before it is asked to. */
export function createGraphDriver(
	connector: Connector,
	log: Log,
	timing: GraphTiming = defaultTiming,
): MailboxDriver {
	return {
		abilities: { marks: true, folders: true },

		openFolder: async (path, signal, memory) => {
			const account = requireAccount(connector);
			const client = createGraphClient(account);
			const { id, messages } = await findFolder(client, path, signal);
			const place = toPlace(account, client, id);
			const remembered = readMemory(memory, place);
			const closing = new AbortController();
			const folder: MailboxFolder = {
				client,
				path,
				id,
				numbering: new Numbering(remembered?.numbers ?? messages),
				signal: closing.signal,
			};
			const begun = remembered ?? (await readBeginning(folder, signal));
			const lookout = new Lookout(folder.numbering, begun);
			const isFresh = remembered?.link !== undefined;
			// Whoever comes back has to know first what has come meanwhile: mails keep their numbers then.
			const subject = `folder "${path}"`;
			if (isFresh) await lookout.look({ client, folderId: id, subject, signal });
			const state: FolderState = {
				path,
				uidValidity: folder.numbering.epoch,
				uidNext: folder.numbering.next,
				messages,
				readOnly: false,
			};
			log.debug(`Opened ${path} of ${connector.name}`);
			const { pollMs } = timing;
			return createSession({ folder, lookout, state, place, isFresh, closing, pollMs, log });
		},

		listFolders: async (signal) =>
			await listFolders(createGraphClient(requireAccount(connector)), signal),
	};
}

function requireAccount({ enabled, incoming, name }: Connector): GraphAccount {
	if (!enabled) throw new MailError('connector.disabled', { subject: name });
	if (incoming?.protocol === 'graph') return incoming;
	throw new MailError('connector.wrongUse', { subject: name });
}

/** Numbers mean something in one folder of one mailbox alone. */
function toPlace({ origin }: GraphAccount, { mailbox }: GraphClient, folderId: string): string {
	return `${origin}${mailbox.toLowerCase()} ${folderId}`;
}

/** Mails that are filed this much later than the time that they bear do not count as old, in ms. */
const LATENESS_MS = 10 * 60_000;

/** Of so many mails received last it is noted that they were there before we came. */
const NOTED = 200;

const row = z.object({ id: z.string().min(1), receivedDateTime: z.string().nullish() });

/**
 * What is in the folder before anything is new. Not by the clock, which differs from the server's; and the first look
 * comes later, with the first question for new mails, since it takes a request for some hundred mails.
 */
async function readBeginning(
	{ client, id, path, numbering }: MailboxFolder,
	signal: AbortSignal,
): Promise<LookoutMemory> {
	const seen = new SeenIds();
	const empty = { oldBefore: 0, lookedAt: 0, seen: '', hasForgotten: false };
	if (numbering.next === 1) return empty;
	const query = toQuery({
		$select: 'receivedDateTime',
		$orderby: 'receivedDateTime desc',
		$top: NOTED,
	});
	const place = `${client.mailbox}${graphPath`/mailFolders/${id}`}/messages${query}`;
	const subject = `folder "${path}"`;
	const pages = client.pages({ method: 'GET', path: place, subject, signal }, row);
	const { value: page } = await pages.next();
	const times: number[] = [];
	for (const item of page?.items ?? []) {
		seen.add(item.id);
		times.push(toDate(item.receivedDateTime ?? undefined)?.getTime() ?? 0);
	}
	const newest = times[0] ?? 0;
	const oldestNoted = times.length < NOTED ? 0 : (times.at(-1) ?? 0) + 1;
	const oldBefore = Math.max(newest - LATENESS_MS, oldestNoted);
	return { oldBefore, lookedAt: newest, seen: seen.toText(), hasForgotten: false };
}
