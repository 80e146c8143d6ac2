import { PART_TEXT_BYTES } from '../../limits';
import type { PartText } from '../../message';
import type { PartTextRequest } from '../../ports';
import { decodeText } from './charset';
import type { AttachmentPart, Content } from './structure';
import { decodeTransfer } from './transfer-encoding';

/** A part of which the beginning is wanted, and how much of it, in bytes as transferred. */
export interface WantedBeginning {
	readonly attachment: AttachmentPart;
	readonly limitBytes: number;
}

/** What has to be fetched; parts that the message does not have are left out. */
export function toBeginnings(
	content: Content,
	requests: readonly PartTextRequest[],
): WantedBeginning[] {
	return requests.flatMap(({ attachment: { part }, maxBytes }) => {
		const attachment = content.attachments.find((found) => found.part === part);
		if (attachment === undefined) return [];
		return [{ attachment, limitBytes: Math.min(maxBytes, PART_TEXT_BYTES) }];
	});
}

/** @param bytes may hold more of a part than was asked for here */
export function toPartTexts(
	content: Content,
	requests: readonly PartTextRequest[],
	bytes: ReadonlyMap<string, Buffer>,
): PartText[] {
	return toBeginnings(content, requests).flatMap(({ attachment, limitBytes }): PartText[] => {
		const raw = bytes.get(attachment.fetchPart);
		if (raw === undefined) return [];
		const decoded = decodeTransfer(raw.subarray(0, limitBytes), attachment.encoding);
		const text = decodeText(decoded, '').text.replaceAll('\0', '');
		return [{ part: attachment.part, text, truncated: raw.length >= limitBytes }];
	});
}
