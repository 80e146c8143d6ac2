import { MailError } from '../../mail/errors';
import type { AfterProcessing } from '../../mail/inbox/delivery';
import type { MailboxAbilities } from '../../mail/ports';

/**
 * Refuses what the mailbox cannot do. *Mark as read*, the default, is not refused: where there are no marks, the e-mail
 * stays as it is.
 */
export function requireAbility(
	{ marks, folders }: MailboxAbilities,
	{ kind }: AfterProcessing,
): void {
	const isPossible = kind === 'move' ? folders : marks || (kind !== 'flag' && kind !== 'keyword');
	if (isPossible) return;
	throw new MailError('settings.invalid', {
		subject: 'After Processing: this mailbox has neither flags nor folders',
		remedy: 'Choose Delete or Nothing, or a connector that uses IMAP.',
	});
}
