import { z } from 'zod';
import { faultOf } from './error';
import { graphPath, toLiteral, toQuery } from './path';
import type { SendMailbox } from './send-mailbox';

export const storedMessageSchema = z.object({
	id: z.string().min(1),
	isDraft: z.boolean().nullish(),
	internetMessageId: z.string().nullish(),
	parentFolderId: z.string().nullish(),
});

/** A message as the mailbox has it. */
export type StoredMessage = z.infer<typeof storedMessageSchema>;

const FIELDS = { $select: 'id,isDraft,internetMessageId,parentFolderId' };

/** Messages with one Message-ID that are looked at: a mail to oneself is there twice, drafts of lost answers a few times. */
const MOST_NAMESAKES = 25;

/** Undefined: there is none (any more). Throws MailError. */
export async function findById(
	{ client }: SendMailbox,
	id: string,
): Promise<StoredMessage | undefined> {
	const path = `${client.mailbox}${graphPath`/messages/${id}`}${toQuery(FIELDS)}`;
	try {
		return await client.read({ method: 'GET', path, subject: 'sent e-mail' }, storedMessageSchema);
	} catch (error) {
		if (faultOf(error)?.status === 404) return undefined;
		throw error;
	}
}

/** All messages of the mailbox with this Message-ID, in whatever folder. Throws MailError. */
export async function findByMessageId(
	{ client }: SendMailbox,
	messageId: string,
	signal?: AbortSignal,
): Promise<StoredMessage[]> {
	const $filter = `internetMessageId eq ${toLiteral(messageId)}`;
	const path = `${client.mailbox}/messages${toQuery({ $filter, ...FIELDS, $top: MOST_NAMESAKES })}`;
	const schema = z.object({ value: z.array(storedMessageSchema) });
	const call = { method: 'GET', path, subject: `Message-ID ${messageId}`, signal } as const;
	const { value } = await client.read(call, schema);
	// What is not ours is never touched, whatever the filter was taken for.
	return value.filter(({ internetMessageId }) => internetMessageId === messageId);
}

/** Also out of Deleted Items, where people would find it. One that is gone is no failure. Throws MailError. */
export async function deleteForGood({ client }: SendMailbox, id: string): Promise<void> {
	const path = `${client.mailbox}${graphPath`/messages/${id}/permanentDelete`}`;
	try {
		// Deleting twice does no harm.
		await client.send({ method: 'POST', path, subject: 'draft', isRepeatable: true });
	} catch (error) {
		if (faultOf(error)?.status !== 404) throw error;
	}
}
