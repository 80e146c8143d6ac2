import type { ImapFlow } from 'imapflow';
import { isMailError, MailError } from '../../errors';
import type { OpenFolder } from './open-folder';
import { toUidBatches, toUidRange } from './uid-range';

/** Adds or removes flags and keywords. Throws MailError, `mailbox.readOnly` where the server keeps them not. */
export async function storeFlags(
	{ client, refusals, subject }: OpenFolder,
	operation: 'add' | 'remove',
	uids: readonly number[],
	flags: readonly string[],
): Promise<void> {
	// What is not there needs no permission to go.
	const wanted =
		operation === 'add' ? flags.map((flag) => toPermanent(client, flag, subject)) : [...flags];
	// Silent: our own change must not wake us.
	const options = { uid: true, silent: true };
	for (const asked of toUidBatches(uids)) {
		const range = toUidRange(asked);
		const command =
			operation === 'add'
				? client.messageFlagsAdd(range, wanted, options)
				: client.messageFlagsRemove(range, wanted, options);
		try {
			await refusals.demand(subject, command);
		} catch (error) {
			throw isBareRefusal(error) ? toReadOnly(error, subject) : error;
		}
	}
}

/**
 * The flag as the server spells it. imapflow leaves out what PERMANENTFLAGS does not name, in exactly this spelling,
 * while names of flags are the same in every case (RFC 9051, section 2.3.2).
 */
function toPermanent(client: ImapFlow, flag: string, subject: string): string {
	const permanent = client.mailbox === false ? undefined : client.mailbox.permanentFlags;
	if (permanent === undefined || permanent.has('\\*')) return flag;
	const kept = [...permanent].find((known) => known.toLowerCase() === flag.toLowerCase());
	if (kept !== undefined) return kept;
	const keywords = [...permanent].filter((known) => !known.startsWith('\\'));
	throw new MailError('mailbox.readOnly', {
		subject: `${subject} does not keep "${flag}"`,
		remedy: flag.startsWith('\\')
			? 'The server does not keep this flag in this folder. Use another way to mark the e-mail.'
			: keywords.length === 0
				? 'The server keeps no labels in this folder. Use the flag, or move the e-mail to a folder.'
				: `The server keeps only these labels in this folder: ${keywords.join(', ')}.`,
	});
}

/** NO without a code: servers say it of a folder in which this user may not change flags. */
function isBareRefusal(error: unknown): error is MailError {
	if (!isMailError(error, 'server.unavailable')) return false;
	const { cause } = error;
	return (
		typeof cause === 'object' &&
		cause !== null &&
		!('serverResponseCode' in cause && cause.serverResponseCode !== undefined)
	);
}

function toReadOnly({ serverReply, cause }: MailError, subject: string): MailError {
	return new MailError('mailbox.readOnly', { subject, serverReply, cause });
}
