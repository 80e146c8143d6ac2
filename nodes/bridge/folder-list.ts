import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { createMailboxDriver } from './mailbox-driver';
import type { Folder } from '../../mail/ports';
import { requireIncoming } from './connector';
import { readConnector } from './credential-connector';
import { toLog } from './log';
import { toNodeError } from './node-error';

/** RFC 6154 uses in plain words; shown behind folders whose own name does not say it. */
const specialUseNames: Readonly<Record<string, string>> = {
	'\\Inbox': 'Inbox',
	'\\Sent': 'Sent',
	'\\Drafts': 'Drafts',
	'\\Trash': 'Trash',
	'\\Junk': 'Junk',
	'\\Archive': 'Archive',
	'\\All': 'All mail',
	'\\Flagged': 'Flagged',
};

/** The folders of the mailbox for the folder picker: INBOX first, then those with a special use, then by name. */
export async function searchFolders(
	context: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	try {
		const connector = await readConnector(context);
		requireIncoming(connector);
		const log = toLog(context.logger, context.getNode().name);
		const limit = AbortSignal.timeout(connector.limits.connectionTimeoutMs);
		const folders = await createMailboxDriver(connector, log).listFolders(limit);
		const wanted = filter.toLowerCase();
		const results = folders
			.filter(({ selectable }) => selectable)
			.sort(compareFolders)
			.map((folder) => ({ name: toLabel(folder), value: folder.path }))
			.filter(({ name }) => name.toLowerCase().includes(wanted));
		return { results };
	} catch (error) {
		throw toNodeError(error, context.getNode());
	}
}

function toLabel({ path, specialUse }: Folder): string {
	const use = specialUse === undefined ? undefined : specialUseNames[specialUse];
	return use === undefined || path.toLowerCase() === use.toLowerCase() ? path : `${path} (${use})`;
}

function compareFolders(a: Folder, b: Folder): number {
	return rank(a) - rank(b) || a.path.localeCompare(b.path);
}

function rank({ path, specialUse }: Folder): number {
	if (path.toUpperCase() === 'INBOX') return 0;
	return specialUse === undefined ? 2 : 1;
}
