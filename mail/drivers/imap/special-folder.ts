import type { ImapFlow, ListResponse } from 'imapflow';
import { draftsFolderNames, sentFolderNames } from './special-folder-name';

/** A folder that every account has, whatever it is called there (RFC 6154). */
export interface SpecialFolder {
	readonly use: '\\Sent' | '\\Drafts';
	/** What it may be called where the server does not declare it; lower case, the likeliest first. */
	readonly names: readonly string[];
	/** What it is called where there is none and one has to be made. */
	readonly newName: string;
}

export const sentSpecialFolder: SpecialFolder = {
	use: '\\Sent',
	names: sentFolderNames,
	newName: 'Sent',
};

export const draftsSpecialFolder: SpecialFolder = {
	use: '\\Drafts',
	names: draftsFolderNames,
	newName: 'Drafts',
};

/** The path of the folder that is declared so, is called so in some language, or is made now. */
export async function findSpecialFolder(
	client: ImapFlow,
	{ use, names, newName }: SpecialFolder,
): Promise<string> {
	const folders = (await client.list()).filter(({ flags }) => !flags.has('\\Noselect'));
	const flagged = folders.filter(({ specialUse }) => specialUse === use);
	// The server's word counts more than the library's guess by name.
	const declared = flagged.find(({ specialUseSource }) => specialUseSource === 'extension');
	const found = declared ?? flagged[0] ?? findByName(folders, names);
	if (found !== undefined) return found.path;
	const { path } = await client.mailboxCreate(newName);
	return path;
}

/** The earlier name in the list wins; of equals the one nearest to the root. */
function findByName(
	folders: readonly ListResponse[],
	names: readonly string[],
): ListResponse | undefined {
	const ranked = folders
		.map((folder) => ({ folder, rank: names.indexOf(toKey(folder.name)) }))
		.filter(({ rank }) => rank >= 0)
		.sort((a, b) => a.rank - b.rank || a.folder.parent.length - b.folder.parent.length);
	return ranked[0]?.folder;
}

function toKey(name: string): string {
	return name.normalize('NFC').toLowerCase().trim();
}
