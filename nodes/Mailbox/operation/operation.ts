import { MailError } from '../../../mail/errors';
import type { MailboxAbilities } from '../../../mail/ports';

export const operations = [
	'copy',
	'delete',
	'flag',
	'getAttachments',
	'getMessage',
	'label',
	'markRead',
	'markUnread',
	'move',
	'search',
] as const;

export type Operation = (typeof operations)[number];

interface Need {
	readonly ability: keyof MailboxAbilities;
	/** What a mailbox without it lacks, one clause. */
	readonly lack: string;
}

const flags: Need = { ability: 'marks', lack: 'this mailbox keeps neither flags nor labels' };
const folders: Need = { ability: 'folders', lack: 'this mailbox has no folder but the inbox' };

/** What an operation asks of the mailbox; those that are missing work with each. */
const needs: Partial<Record<Operation, Need>> = {
	copy: folders,
	flag: flags,
	label: flags,
	markRead: flags,
	markUnread: flags,
	move: folders,
	// Where nothing can be marked nothing can be searched either: every mail would have to be downloaded.
	search: { ability: 'marks', lack: 'this mailbox cannot be searched' },
};

/** Throws `connector.wrongUse` where the connector's mailbox cannot do it at all. */
export function assertAble(operation: Operation, abilities: MailboxAbilities): void {
	const need = needs[operation];
	if (need === undefined || abilities[need.ability]) return;
	throw new MailError('connector.wrongUse', {
		subject: need.lack,
		remedy:
			'Use a connector with IMAP. With POP3 there are Get Message, Get Attachments and Delete only.',
	});
}
