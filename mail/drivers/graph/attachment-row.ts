import { z } from 'zod';
import { PARTS } from '../../limits';
import type { AttachmentInfo } from '../../message';
import type { GraphClient } from './client';
import { graphPath, toQuery } from './path';

const text = z.string().nullish().catch(undefined);

const row = z.object({
	'@odata.type': text,
	id: z.string().min(1),
	name: text,
	contentType: text,
	size: z.number().nonnegative().nullish().catch(undefined),
	isInline: z.boolean().nullish(),
	contentId: text,
});

type AttachmentRow = z.infer<typeof row>;

/** The content itself is not asked for: it comes as a stream, when it is wanted. */
const SELECT = 'id,name,contentType,size,isInline,microsoft.graph.fileAttachment/contentId';

/** A file, or a message in a message; its content is at `id`. */
export interface GraphAttachment extends AttachmentInfo {
	readonly id: string;
}

export interface FoundAttachments {
	readonly attachments: readonly GraphAttachment[];
	/** Names of those that are links to files in the cloud. Graph does not tell where they lead; the text does. */
	readonly links: readonly string[];
}

/** Without what only Graph knows. */
export function toInfo(attachment: GraphAttachment): AttachmentInfo {
	const { part, fileName, mimeType, encodedSizeBytes, contentId, inline } = attachment;
	return { part, fileName, mimeType, encodedSizeBytes, contentId, inline };
}

const ITEM = '#microsoft.graph.itemAttachment';
const REFERENCE = '#microsoft.graph.referenceAttachment';

/** @param html of the message, which decides what is shown inside it */
export async function listAttachments(
	client: GraphClient,
	messageId: string,
	html: string,
	{ subject, signal }: { readonly subject: string; readonly signal: AbortSignal },
): Promise<FoundAttachments> {
	const place = `${client.mailbox}${graphPath`/messages/${messageId}`}/attachments`;
	const call = { method: 'GET', path: `${place}${toQuery({ $select: SELECT })}` } as const;
	const rows: AttachmentRow[] = [];
	for await (const { items } of client.pages({ ...call, subject, signal }, row)) {
		rows.push(...items);
		if (rows.length >= PARTS) break;
	}
	const attachments: GraphAttachment[] = [];
	const links: string[] = [];
	for (const [index, attachment] of rows.slice(0, PARTS).entries()) {
		if (attachment['@odata.type'] === REFERENCE) links.push(attachment.name ?? '');
		else attachments.push(toAttachment(attachment, index, html));
	}
	return { attachments, links };
}

function toAttachment(
	{ '@odata.type': type, id, name, contentType, size, isInline, contentId }: AttachmentRow,
	index: number,
	html: string,
): GraphAttachment {
	const isItem = type === ITEM;
	const cid = (contentId ?? '').trim().replace(/^<|>$/g, '');
	const fileName = name ?? '';
	return {
		id,
		// The body is the first part, as in a multipart message.
		part: String(index + 2),
		fileName: isItem && !/\.eml$/i.test(fileName) ? `${fileName || 'message'}.eml` : fileName,
		mimeType: isItem ? 'message/rfc822' : toMimeType(contentType),
		encodedSizeBytes: size ?? 0,
		contentId: cid,
		// A picture that the text does not show is a file, whatever its sender said of it.
		inline: isInline === true && cid !== '' && mentions(html, cid),
	};
}

function toMimeType(contentType: string | null | undefined): string {
	const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
	return /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+$/.test(type) ? type : 'application/octet-stream';
}

function mentions(html: string, contentId: string): boolean {
	const encoded = encodeURIComponent(contentId);
	return html.includes(`cid:${contentId}`) || html.includes(`cid:${encoded}`);
}
