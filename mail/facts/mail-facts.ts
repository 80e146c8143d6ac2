import { DELIVERY_STATUS_TYPES, isBounce } from '../classify/bounce';
import { isCalendar } from '../classify/kind';
import type { MessageBody, MessageHead } from '../message';
import type { Bounce } from './bounce';
import { findMessageId, readBounceText } from './bounce-text';
import { readDeliveryStatus } from './delivery-status';
import type { CalendarEvent } from './calendar';
import { readCalendarEvent } from './calendar-event';
import { find, findCalendar, RETURNED_TYPES } from './fact-part';

/** What programs wrote for programs, beside the head; each absent where the mail is nothing of the kind. */
export interface MailFacts {
	readonly bounce?: Bounce;
	readonly calendar?: CalendarEvent;
}

/**
 * @param body what `toFactSource` asks for, as far as the server gave it
 */
export function toMailFacts(head: MessageHead, body: MessageBody): MailFacts {
	if (isBounce(head)) return { bounce: toBounce(head, body) };
	const calendar = isCalendar(head) ? toCalendar(head, body) : undefined;
	return calendar === undefined ? {} : { calendar };
}

function toCalendar(head: MessageHead, body: MessageBody): CalendarEvent | undefined {
	const part = findCalendar(head)?.part;
	const found = body.partTexts?.find((each) => each.part === part);
	return found && readCalendarEvent(found.text, found.truncated);
}

function toBounce(head: MessageHead, body: MessageBody): Bounce {
	const textOf = (types: ReadonlySet<string>): string => {
		const part = find(head, types)?.part;
		return body.partTexts?.find((each) => each.part === part)?.text ?? '';
	};
	const status = readDeliveryStatus(textOf(DELIVERY_STATUS_TYPES));
	const words = readBounceText(body.text, toFailed(head));
	const report = status.recipients.length > 0 ? { ...status, format: 'rfc3464' as const } : words;
	return {
		format: report.format,
		reportingMta: report.reportingMta || status.reportingMta,
		originalMessageId:
			findMessageId(textOf(RETURNED_TYPES)) || words.originalMessageId || head.inReplyTo,
		recipients: report.recipients,
		truncated: report.truncated,
	};
}

/** Exim's own header: addresses, separated by commas. */
function toFailed({ headers }: MessageHead): string[] {
	const fields = headers.get('x-failed-recipients')?.slice(0, 20) ?? [];
	return fields
		.flatMap((field) => field.slice(0, 100_000).split(','))
		.map((address) => address.trim().slice(0, 320))
		.filter((address) => address.includes('@'));
}
