import { MailError } from '../../errors';
import type { MessageHead } from '../../message';
import { cleanHeaderValue, type Headers as MailHeaders } from '../mime/header-block';
import { toDate, toMessageIds } from '../mime/header-value';
import { decodeWords } from '../mime/encoded-word';
import { toImportance } from '../mime/importance';
import { type FoundAttachments, toInfo } from './attachment-row';
import { type MessageRow, toAddresses } from './message-row';

/** Header fields that are kept, and the longest value of one, in characters. */
const FIELDS = 2_000;
const VALUE_CHARACTERS = 100_000;

/** Throws MailError `message.unreadable` where Graph did not tell enough to go on. */
export function toMessageHead(
	uid: number,
	row: MessageRow,
	{ attachments }: FoundAttachments,
): MessageHead {
	const receivedAt = toDate(row.receivedDateTime ?? undefined);
	if (receivedAt === undefined)
		throw new MailError('message.unreadable', { subject: `UID ${uid}` });
	const headers = toHeaders(row);
	const first = (name: string) => headers.get(name)?.[0];
	return {
		uid,
		messageId: toMessageIds(row.internetMessageId ?? undefined)[0] ?? row.internetMessageId ?? '',
		inReplyTo: toMessageIds(first('in-reply-to'))[0] ?? '',
		references: headers.get('references')?.flatMap(toMessageIds) ?? [],
		subject: cleanHeaderValue(row.subject ?? ''),
		from: toAddresses(row.from ? [row.from] : []),
		// Graph repeats From where the mail has no such header: then it says nothing.
		sender: headers.has('sender') ? toAddresses(row.sender ? [row.sender] : []) : [],
		replyTo: toAddresses(row.replyTo),
		to: toAddresses(row.toRecipients),
		cc: toAddresses(row.ccRecipients),
		bcc: toAddresses(row.bccRecipients),
		sentAt: toDate(first('date')) ?? toDate(row.sentDateTime ?? undefined),
		receivedAt,
		importance: row.importance ?? toImportance(headers),
		flags: toFlags(row),
		sizeBytes: toSizeBytes(row, attachments),
		attachments: attachments.map(toInfo),
		headers,
		inbox: row.inferenceClassification ?? undefined,
	};
}

function toHeaders({ internetMessageHeaders }: MessageRow): MailHeaders {
	const headers = new Map<string, string[]>();
	for (const { name, value } of (internetMessageHeaders ?? []).slice(0, FIELDS)) {
		const key = name.trim().toLowerCase();
		if (!/^[!-9;-~]+$/.test(key)) continue;
		const decoded = cleanHeaderValue(decodeWords((value ?? '').slice(0, VALUE_CHARACTERS)));
		const values = headers.get(key);
		if (values === undefined) headers.set(key, [decoded]);
		else values.push(decoded);
	}
	return headers;
}

/** Categories are what IMAP calls keywords. */
function toFlags({ isRead, isDraft, flag, categories }: MessageRow): string[] {
	return [
		...(isRead === true ? ['\\Seen'] : []),
		...(flag?.flagStatus === 'flagged' ? ['\\Flagged'] : []),
		...(isDraft === true ? ['\\Draft'] : []),
		...(categories ?? []),
	];
}

/** As Exchange keeps it; where it does not tell, what we know of. */
function toSizeBytes(row: MessageRow, attachments: FoundAttachments['attachments']): number {
	const told = Number(row.singleValueExtendedProperties?.[0]?.value ?? NaN);
	if (Number.isSafeInteger(told) && told > 0) return told;
	const files = attachments.reduce((sum, { encodedSizeBytes }) => sum + encodedSizeBytes, 0);
	return files + (row.body?.content?.length ?? 0);
}
