import * as z from 'zod';
import { MailError } from '../../mail/errors';
import type { MessageQuery } from '../../mail/ports';
import { toDate } from '../bridge/date';
import { createParameterCheck } from '../bridge/parameter';
import { checkKeyword } from './keyword';
import type { ParameterSource } from './settings';

export interface SearchSettings {
	readonly folder: string;
	readonly query: MessageQuery;
	readonly limit: number;
	readonly simplify: boolean;
}

/** Blank counts as not asked for; servers refuse line breaks, which no header has either. */
const phrase = z
	.union([z.string(), z.number()])
	.nullish()
	.transform((value) =>
		String(value ?? '')
			.replace(/[\u0000-\u001f\u007f]+/g, ' ')
			.trim(),
	)
	.transform((value) => (value === '' ? undefined : value));

const yesNo = z
	.enum(['yes', 'no'])
	.optional()
	.transform((value) => (value === undefined ? undefined : value === 'yes'));

const shape = {
	searchFolder: z.string().trim().min(1, 'no folder is chosen'),
	limit: z.int().positive(),
	simplify: z.boolean(),
	filters: z.object({
		from: phrase,
		to: phrase,
		subject: phrase,
		text: phrase,
		label: phrase,
		read: yesNo,
		flagged: yesNo,
		/** ISO 8601, without an offset in the workflow's time zone; or luxon's DateTime from an expression. */
		since: z.unknown().optional(),
		before: z.unknown().optional(),
	}),
};

const check = createParameterCheck(shape, {
	searchFolder: 'Folder',
	limit: 'Limit',
	simplify: 'Simplify',
	filters: 'Filters',
});

/** Throws MailError `settings.invalid`, which names the parameter as the editor calls it. */
export function readSearchSettings(context: ParameterSource, itemIndex: number): SearchSettings {
	const read = <Name extends keyof typeof shape>(name: Name, fallback: unknown) =>
		check(name, context.getNodeParameter(name, itemIndex, fallback, { extractValue: true }));
	const { read: seen, flagged, label, since, before, ...phrases } = read('filters', {});
	const zone = context.getTimezone();
	const query: MessageQuery = {
		...phrases,
		seen,
		flagged,
		keyword: label === undefined ? undefined : checkKeyword(label, 'Filters → Label'),
		receivedSince: toFilterDate(since, zone, 'Received Since'),
		receivedBefore: toFilterDate(before, zone, 'Received Before'),
	};
	return {
		folder: read('searchFolder', 'INBOX'),
		limit: read('limit', 50),
		simplify: read('simplify', true),
		query,
	};
}

function toFilterDate(value: unknown, zone: string, label: string): Date | undefined {
	if (value === undefined || value === null || value === '') return undefined;
	const date = toDate(value, zone);
	if (date !== undefined) return date;
	throw new MailError('settings.invalid', { subject: `Filters → ${label}: it is no valid date` });
}
