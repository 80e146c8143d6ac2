import * as z from 'zod';
import { parseAddressList } from '../../mail/address';
import { createParameterCheck } from '../bridge/parameter';
import { type ReceivedEmail, readReceivedEmail } from './received-email';

export interface AnswerSettings {
	readonly use: 'reply' | 'replyAll';
	readonly email: ReceivedEmail;
	readonly quote: boolean;
	/** Further addresses of the mailbox, which get no answer. */
	readonly ownAddresses: readonly string[];
}

export interface ForwardSettings {
	readonly use: 'forward';
	readonly email: ReceivedEmail;
	/** Its text below ours, or the whole of it as a file. */
	readonly as: 'quote' | 'file';
	readonly includeAttachments: boolean;
}

/** The e-mail that is answered or handed on, and how. */
export type OriginalSettings = AnswerSettings | ForwardSettings;

const check = createParameterCheck(
	{
		forwardAs: z.enum(['quote', 'file']).default('quote'),
		includeAttachments: z.boolean().default(true),
	},
	{ forwardAs: 'Forward As', includeAttachments: 'Include Attachments' },
);

/**
 * Throws `settings.invalid` and `message.invalid`.
 *
 * @param raw a parameter of the node as n8n gives it
 */
export function readOriginal(
	use: OriginalSettings['use'],
	raw: (name: string) => unknown,
	{ quoteOriginal, ownAddresses }: { quoteOriginal: boolean; ownAddresses?: unknown },
): OriginalSettings {
	if (use === 'forward') {
		return {
			use,
			email: readReceivedEmail(raw('forwardedEmail'), 'Email to Forward', use),
			as: check('forwardAs', raw('forwardAs') ?? undefined),
			includeAttachments: check('includeAttachments', raw('includeAttachments') ?? undefined),
		};
	}
	return {
		use,
		email: readReceivedEmail(raw('answeredEmail'), 'Email to Answer', use),
		quote: quoteOriginal,
		ownAddresses: parseAddressList(ownAddresses, 'Own Addresses').map(({ address }) => address),
	};
}
