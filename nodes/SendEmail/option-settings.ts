import * as z from 'zod';
import type { DeliveryReport, OutgoingUnsubscribe } from '../../mail/outgoing';
import { calendarShape } from './calendar-settings';
import { text } from './text';

const names = z
	.union([z.array(z.string()), text])
	.transform((given) => (Array.isArray(given) ? given : given.split(',')))
	.transform((list) => list.map((name) => name.trim()).filter(Boolean));

const header = z.object({ name: text.transform((name) => name.trim()), value: text });
const image = z.object({
	property: text.transform((name) => name.trim()),
	contentId: text.transform((id) => id.trim().replace(/^(cid:|<)|>$/g, '')),
});
const report = z.object({
	notify: z.array(z.enum(['success', 'failure', 'delay'])).default(['failure']),
	returns: z.enum(['headers', 'full']).default('headers'),
});
const target = z.object({ url: text, address: text, oneClick: z.boolean().default(true) });

/** The collection Options as n8n gives it: what was not added is not there. */
export const optionsShape = z.object({
	appendSignature: z.boolean().default(true),
	attachments: names.default([]),
	calendarInvitation: calendarShape.default({}),
	customHeaders: z.object({ header: z.array(header).default([]) }).default({ header: [] }),
	deliveryReport: z.object({ report: report.optional() }).default({}),
	importance: z.enum(['high', 'normal', 'low']).default('normal'),
	inlineImages: z.object({ image: z.array(image).default([]) }).default({ image: [] }),
	ownAddresses: z.unknown().optional(),
	partialRejectionIsError: z.boolean().default(false),
	quoteOriginal: z.boolean().default(true),
	readReceipt: z.boolean().default(false),
	saveToSent: z.enum(['connector', 'always', 'never']).default('connector'),
	unsubscribe: z.object({ target: target.optional() }).default({}),
	whenUncertain: z.enum(['report', 'sendAgain']).default('report'),
});

export type Options = z.output<typeof optionsShape>;

export function toDeliveryReport({ deliveryReport }: Options): DeliveryReport | undefined {
	return deliveryReport.report;
}

/** One click is asked for where there is something to click on. */
export function toUnsubscribe({
	unsubscribe: { target },
}: Options): OutgoingUnsubscribe | undefined {
	if (target === undefined) return undefined;
	const url = target.url.trim() || undefined;
	const address = target.address.trim() || undefined;
	return { url, address, oneClick: target.oneClick && url !== undefined };
}
