import { z } from 'zod';
import type { Address } from '../../message';

/** What Graph leaves empty it tells as null, or not at all; what it tells in another shape than promised counts as empty. */
const text = z.string().nullish().catch(undefined);

const recipient = z.object({ emailAddress: z.object({ name: text, address: text }).nullish() });
const recipients = z.array(recipient).nullish().catch(undefined);

export type Recipient = z.infer<typeof recipient>;

/** A message as it is read with `MESSAGE_SELECT`. */
export const messageRow = z.object({
	id: z.string().min(1),
	parentFolderId: text,
	internetMessageId: text,
	subject: text,
	from: recipient.nullish().catch(undefined),
	sender: recipient.nullish().catch(undefined),
	replyTo: recipients,
	toRecipients: recipients,
	ccRecipients: recipients,
	bccRecipients: recipients,
	sentDateTime: text,
	receivedDateTime: text,
	importance: z.enum(['low', 'normal', 'high']).nullish().catch(undefined),
	inferenceClassification: z.enum(['focused', 'other']).nullish().catch(undefined),
	flag: z.object({ flagStatus: text }).nullish().catch(undefined),
	categories: z.array(z.string()).nullish().catch(undefined),
	isRead: z.boolean().nullish(),
	isDraft: z.boolean().nullish(),
	hasAttachments: z.boolean().nullish(),
	internetMessageHeaders: z
		.array(z.object({ name: z.string(), value: text }))
		.nullish()
		.catch(undefined),
	body: z.object({ contentType: text, content: text }).nullish().catch(undefined),
	singleValueExtendedProperties: z
		.array(z.object({ id: z.string(), value: text }))
		.nullish()
		.catch(undefined),
});

export type MessageRow = z.infer<typeof messageRow>;

/**
 * The headers are asked for with every message, not only where a rule names one: who may get an automatic answer, what is
 * a bounce and what a reply, and what the receiving server has verified stand in them alone.
 */
export const MESSAGE_SELECT = [
	'parentFolderId',
	'internetMessageId',
	'subject',
	'from',
	'sender',
	'replyTo',
	'toRecipients',
	'ccRecipients',
	'bccRecipients',
	'sentDateTime',
	'receivedDateTime',
	'importance',
	'inferenceClassification',
	'flag',
	'categories',
	'isRead',
	'isDraft',
	'hasAttachments',
	'internetMessageHeaders',
	'body',
].join(',');

/** PidTagMessageSize (MS-OXCMSG, section 2.2.1.7): Graph has no property of its own for it. */
export const SIZE_PROPERTY = 'Integer 0x0E08';

export function toAddresses(list: readonly Recipient[] | null | undefined): Address[] {
	return (list ?? []).flatMap(({ emailAddress }) => {
		const address = emailAddress?.address ?? '';
		if (address === '') return [];
		const name = emailAddress?.name?.trim() ?? '';
		// Graph repeats the address where there is no name.
		return [{ name: name === address ? '' : name, address }];
	});
}
