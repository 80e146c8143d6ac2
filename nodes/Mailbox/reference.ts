import * as z from 'zod';
import { MailError } from '../../mail/errors';
import type { MessageReference } from '../../mail/ports';

const reference = z.object({
	folder: z.string().min(1),
	uidValidity: z.string(),
	uid: z.int().nonnegative(),
	serverId: z
		.string()
		.nullish()
		.transform((id) => id ?? undefined),
	messageId: z.string(),
});

/** Reads the parameter "Reference": the object itself, or its JSON text. Throws `settings.invalid`. */
export function readReference(value: unknown): MessageReference {
	const result = reference.safeParse(typeof value === 'string' ? toParsed(value) : value);
	if (result.success) return result.data;
	const path = result.error.issues[0]?.path.join('.') ?? '';
	throw new MailError('settings.invalid', {
		subject: `Reference: ${path === '' ? 'there is none' : `${path} is missing or not valid`}`,
		remedy:
			'Give the field “reference” of an item of Email Trigger or of Search. If other nodes stand in between, refer to the trigger by its name. Or find the e-mail by its Message-ID.',
	});
}

/** Undefined, which is no reference either, for what is no JSON. */
function toParsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Where a message is after it was moved: its new UID is not known, its Message-ID stays. */
export function toMovedReference(
	{ messageId }: MessageReference,
	folder: string,
): MessageReference {
	return { folder, uidValidity: '', uid: 0, messageId };
}
