import { DeltaLog } from './delta-log';

/** A folder of a mailbox. It has one id: folders have no immutable form. */
export class Folder {
	readonly changes = new DeltaLog();

	constructor(
		readonly id: string,
		public displayName: string,
		readonly parent: Folder | undefined,
		/** `inbox`, `sentitems` …; undefined for folders that users made. */
		readonly wellKnownName?: string,
		readonly isHidden = false,
	) {}
}

/** https://learn.microsoft.com/graph/api/resources/mailfolder; below the root unless `null`. */
export const wellKnownFolders: ReadonlyArray<{
	readonly name: string;
	readonly displayName: string;
	readonly isHidden?: boolean;
}> = [
	{ name: 'archive', displayName: 'Archive' },
	{ name: 'conversationhistory', displayName: 'Conversation History' },
	{ name: 'deleteditems', displayName: 'Deleted Items' },
	{ name: 'drafts', displayName: 'Drafts' },
	{ name: 'inbox', displayName: 'Inbox' },
	{ name: 'junkemail', displayName: 'Junk Email' },
	{ name: 'outbox', displayName: 'Outbox' },
	{ name: 'sentitems', displayName: 'Sent Items' },
	{ name: 'clutter', displayName: 'Clutter', isHidden: true },
];
