import * as z from 'zod';
import { MailError } from '../../mail/errors';
import type { AnsweredMessage } from '../../mail/outbox';

const address = z.object({
	address: z.string(),
	name: z
		.string()
		.nullish()
		.transform((name) => name ?? ''),
});
const addresses = z
	.union([z.array(address), address])
	.nullish()
	.transform((given) => (Array.isArray(given) ? given : given ? [given] : []));

/** The fields of an item of Email Trigger that an answer needs; the others are not looked at. */
const answered = z.object({
	messageId: z.string(),
	references: z
		.union([z.array(z.string()), z.string()])
		.nullish()
		.transform((given) =>
			Array.isArray(given) ? given : (given ?? '').split(/\s+/).filter(Boolean),
		),
	subject: z
		.string()
		.nullish()
		.transform((subject) => subject ?? ''),
	from: addresses,
	replyTo: addresses,
});

/**
 * Reads the parameter "Email to Answer": the item itself, or its JSON text.
 * Throws `settings.invalid`, which names what is missing.
 */
export function readAnsweredEmail(value: unknown): AnsweredMessage {
	const result = answered.safeParse(typeof value === 'string' ? toParsed(value) : value);
	if (result.success) return result.data;
	const path = result.error.issues[0]?.path.join('.') ?? '';
	throw new MailError('settings.invalid', {
		subject: `Email to Answer: ${path === '' ? 'it is no item' : `${path} is missing or not valid`}`,
		remedy:
			'Give the item of Email Trigger, with messageId, references, subject, from and replyTo. If other nodes stand in between, refer to the trigger by its name.',
	});
}

/** Undefined, which is no item either, for what is no JSON. */
function toParsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
