import * as z from 'zod';
import type { AutoReplySettings } from '../../mail/auto-reply/answerer';
import { createTemplate } from '../../mail/auto-reply/template';
import { MailError } from '../../mail/errors';
import { toExcerpt } from '../../mail/excerpt';

const HOUR_MS = 3_600_000;

/** The fields of `description/acknowledgement.ts`, as they lie in a route and in the fallback. */
export const acknowledgementSchema = z.object({
	sendAcknowledgement: z.boolean().default(false),
	acknowledgementSubject: z.string().default('We have received your e-mail: {subject}'),
	acknowledgementText: z
		.string()
		.default('Dear {senderName},\n\nthank you for your e-mail. We will answer soon.'),
	acknowledgementOptions: z
		.object({
			includeCc: z.boolean().default(false),
			periodHours: z.number().min(1).max(8760).default(24),
			isHtml: z.boolean().default(false),
		})
		.default({ includeCc: false, periodHours: 24, isHtml: false }),
});

/** Undefined where none is sent. Throws `settings.invalid`, which names the route. */
export function toAcknowledgement(
	fields: z.infer<typeof acknowledgementSchema>,
	route: string,
): AutoReplySettings | undefined {
	if (!fields.sendAcknowledgement) return undefined;
	const { includeCc, periodHours, isHtml } = fields.acknowledgementOptions;
	const place = `route ${toExcerpt(route)}, acknowledgement`;
	if (fields.acknowledgementSubject.trim() === '') refuse(`${place} subject`);
	if (fields.acknowledgementText.trim() === '') refuse(`${place} text`);
	return {
		text: {
			subject: createTemplate(fields.acknowledgementSubject, `${place} subject`),
			body: createTemplate(fields.acknowledgementText, `${place} text`),
			format: isHtml ? 'html' : 'text',
		},
		includesCopies: includeCc,
		periodMs: periodHours * HOUR_MS,
	};
}

function refuse(place: string): never {
	throw new MailError('settings.invalid', { subject: `${place}: must be filled` });
}
