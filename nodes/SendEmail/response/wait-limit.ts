import * as z from 'zod';
import { MailError } from '../../../mail/errors';
import { toDate } from '../../bridge/date';

const UNIT_MS = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 } as const;

/** The largest moment that JavaScript and n8n's database both know how to wait for. */
const LATEST = Date.UTC(2999, 11, 31);

/** The value of the collection "Limit Wait Time", which has the shape of n8n's own. */
export const waitLimit = z.object({
	limitType: z.enum(['afterTimeInterval', 'atSpecifiedTime']).default('afterTimeInterval'),
	resumeAmount: z.coerce.number().positive('must be more than 0').default(1),
	resumeUnit: z.enum(['minutes', 'hours', 'days']).default('hours'),
	maxDateAndTime: z.unknown().optional(),
});

/** When the waiting ends. Throws `settings.invalid` for what is no date, is over or never comes. */
export function toWaitEnd(limit: z.output<typeof waitLimit>, now: Date, zone: string): Date {
	const end =
		limit.limitType === 'afterTimeInterval'
			? new Date(now.getTime() + limit.resumeAmount * UNIT_MS[limit.resumeUnit])
			: toDate(limit.maxDateAndTime, zone);
	if (end === undefined || !(end.getTime() <= LATEST)) throw refuse('it is no valid date');
	if (end <= now) throw refuse(`${end.toISOString()} is over already`);
	return end;
}

function refuse(reason: string): MailError {
	return new MailError('settings.invalid', { subject: `Limit Wait Time: ${reason}` });
}
