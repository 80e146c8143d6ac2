import { DELIVERY_STATUS_TYPES, isBounce } from '../classify/bounce';
import { CALENDAR_TYPES, isCalendar } from '../classify/kind';
import { PART_TEXT_BYTES, RETURNED_HEADER_BYTES } from '../limits';
import type { AttachmentInfo, MessageHead } from '../message';
import type { PartTextRequest } from '../ports';

/** The mail that came back, or only its header (RFC 3462, section 2; RFC 6533, section 4). */
export const RETURNED_TYPES: ReadonlySet<string> = new Set([
	'message/rfc822',
	'text/rfc822-headers',
	'message/global',
	'message/global-headers',
]);

/** What has to be read to know the facts of a mail. */
export interface FactSource {
	readonly partTexts: readonly PartTextRequest[];
	/** The facts stand in the text, if anywhere. */
	readonly needsText: boolean;
}

const nothing: FactSource = { partTexts: [], needsText: false };

/** Told by the head alone; nothing for ordinary mail. */
export function toFactSource(head: MessageHead): FactSource {
	if (!isBounce(head)) {
		if (!isCalendar(head)) return nothing;
		return { partTexts: toRequest(findCalendar(head), PART_TEXT_BYTES), needsText: false };
	}
	const status = find(head, DELIVERY_STATUS_TYPES);
	const returned = find(head, RETURNED_TYPES);
	return {
		partTexts: [
			...toRequest(status, PART_TEXT_BYTES),
			...toRequest(returned, RETURNED_HEADER_BYTES),
		],
		needsText: status === undefined,
	};
}

/** The part that is shown before the file beside it: some programs give both. */
export function findCalendar(head: MessageHead): AttachmentInfo | undefined {
	return find(head, new Set(['text/calendar'])) ?? find(head, CALENDAR_TYPES);
}

function toRequest(attachment: AttachmentInfo | undefined, maxBytes: number): PartTextRequest[] {
	return attachment === undefined ? [] : [{ attachment, maxBytes }];
}

export function find(
	{ attachments }: MessageHead,
	types: ReadonlySet<string>,
): AttachmentInfo | undefined {
	return attachments.find(({ mimeType }) => types.has(mimeType));
}
