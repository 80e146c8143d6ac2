import { toAddressKey } from '../../mail/address';
import type { Identity } from '../../mail/connector';
import { MailError } from '../../mail/errors';
import type { Address } from '../../mail/message';
import {
	toReplyAllRecipients,
	toReplyQuote,
	toReplyRecipients,
	toReplySubject,
	toReplyThread,
} from '../../mail/outbox';
import type { OriginalParts } from './original-part';
import type { AnswerSettings } from './original-settings';
import type { SendSettings } from './settings';

type Recipients = Pick<OriginalParts, 'to' | 'cc'>;

/** Throws `message.invalid` where an answer would go to nobody but ourselves. */
export function toAnswerParts(
	answer: AnswerSettings,
	settings: SendSettings,
	identity: Identity,
): OriginalParts {
	const { email, quote } = answer;
	return {
		...toRecipients(answer, settings, identity),
		subject: settings.subject || toReplySubject(email.subject),
		thread: toReplyThread(email),
		quote: quote ? toReplyQuote(email, settings.timeZone) : undefined,
		files: [],
	};
}

function toRecipients(
	{ use, email, ownAddresses }: AnswerSettings,
	{ from, to, cc, isDraft }: SendSettings,
	{ primaryAddress, fromAddress }: Identity,
): Recipients {
	const own = [primaryAddress, fromAddress, from.address ?? '', ...ownAddresses].filter(Boolean);
	if (use === 'reply' && to.length > 0) return { to, cc };
	const recipients =
		use === 'reply'
			? { to: toReplyRecipients(email, own), cc }
			: withCopies(toReplyAllRecipients(email, own), cc);
	if (recipients.to.length > 0 || isDraft) return recipients;
	throw new MailError('message.invalid', {
		subject: 'the e-mail to answer has no sender but this connector itself',
		remedy: `${use === 'reply' ? 'Fill in To, or do' : 'Do'} not answer e-mails of your own: the answers would never end.`,
	});
}

/** Those whom the node names get a copy as well, also where they are our own, but not a second one. */
function withCopies({ to, cc }: Recipients, named: readonly Address[]): Recipients {
	const taken = new Set([...to, ...cc].map(toAddressKey));
	return { to, cc: [...cc, ...named.filter((address) => !taken.has(toAddressKey(address)))] };
}
