import * as z from 'zod';
import { MailError } from '../../mail/errors';
import type { GroupMessage, QuotedMessage } from '../../mail/outbox';

/** An e-mail as Email Trigger gives it, as far as an answer needs it. Nobody has checked what its sender wrote. */
export interface ReceivedEmail extends GroupMessage, QuotedMessage {
	/** Files that it came with, whether the item holds them or not. */
	readonly files: readonly ReceivedFile[];
}

export interface ReceivedFile {
	readonly fileName: string;
	/** Shown inside the HTML. */
	readonly inline: boolean;
	/** Where the trigger's item holds it. */
	readonly binaryProperty?: string;
}

/** Which fields of the item are needed for what is done with it. */
export type ReceivedEmailUse = 'reply' | 'replyAll' | 'forward';

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

/** Fields that are only shown: nothing is refused for their sake. */
const shownAddresses = addresses.catch([]);
const shownText = z.string().catch('');

const file = z.object({
	fileName: z.string().catch(''),
	inline: z.boolean().catch(false),
	binaryProperty: z.string().optional().catch(undefined),
});

/** Values of a header as the item has them: one, or a list. */
const header = z
	.union([z.array(z.string()), z.string().transform((value) => [value])])
	.optional()
	.catch(undefined);

const reply = z.object({
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
	to: shownAddresses,
	cc: shownAddresses,
	date: shownText,
	text: shownText,
	html: shownText,
	attachments: z.array(file).catch([]),
	headers: z.object({ 'list-post': header }).catch({ 'list-post': undefined }),
});

const shapes = {
	reply,
	replyAll: reply.extend({ to: addresses, cc: addresses }),
	forward: reply.extend({ messageId: shownText, from: shownAddresses, replyTo: shownAddresses }),
};

/**
 * Reads a parameter that holds an e-mail: the item itself, or its JSON text.
 * Throws `settings.invalid`, which names what is missing.
 *
 * @param label of the parameter
 */
export function readReceivedEmail(
	value: unknown,
	label: string,
	use: ReceivedEmailUse,
): ReceivedEmail {
	const result = shapes[use].safeParse(typeof value === 'string' ? toParsed(value) : value);
	if (result.success) {
		const { date, attachments, headers, ...email } = result.data;
		const listPost = (headers['list-post'] ?? []).flatMap(toMailtoAddresses);
		return { ...email, sentAt: toDate(date), files: attachments, listPost };
	}
	const path = result.error.issues[0]?.path.join('.') ?? '';
	throw new MailError('settings.invalid', {
		subject: `${label}: ${path === '' ? 'it is no item' : `${path} is missing or not valid`}`,
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

function toDate(text: string): Date | undefined {
	const date = new Date(text);
	return Number.isNaN(date.getTime()) ? undefined : date;
}

/** `<mailto:list@example.com?subject=x>, <https://…>` (RFC 2369). */
function toMailtoAddresses(value: string): string[] {
	return [...value.matchAll(/<mailto:([^<>?]{1,320})/gi)].flatMap(([, given]) => given ?? []);
}
