import { z } from 'zod';
import { toExcerpt } from '../../excerpt';
import type { DetachedFile } from '../../ports';
import { graphPath, toQuery } from './path';
import type { SendMailbox } from './send-mailbox';

/** A file on its way to a draft. */
export interface Attaching {
	readonly mailbox: SendMailbox;
	readonly draftId: string;
	readonly file: DetachedFile;
	/** Attachments of the draft that cannot be told from this file: its namesakes that were attached before. */
	readonly namesakes: number;
	readonly signal?: AbortSignal;
}

const attachmentSchema = z.object({
	name: z.string().nullish(),
	/** With what Exchange keeps beside the content. */
	size: z.number().nullish(),
	isInline: z.boolean().nullish(),
});

/** Whether the file is attached, where an answer was lost. */
export async function isAttached(attaching: Attaching): Promise<boolean> {
	const { mailbox, draftId, file, namesakes, signal } = attaching;
	const { client } = mailbox;
	const query = toQuery({ $select: 'id,name,size,isInline' });
	const path = `${client.mailbox}${graphPath`/messages/${draftId}/attachments`}${query}`;
	const call = { method: 'GET', path, subject: toSubject(file), signal } as const;
	let alike = 0;
	for await (const { items } of client.pages(call, attachmentSchema)) {
		alike += items.filter((item) => isAlike(file, item.name, item.size, item.isInline)).length;
	}
	return alike > namesakes;
}

/** Whether an attachment of this name and size may be the file. Inline images and others are told apart. */
export function isAlike(
	file: Pick<DetachedFile, 'fileName' | 'sizeBytes' | 'contentId'>,
	name: string | null | undefined,
	sizeBytes: number | null | undefined,
	isInline: boolean | null | undefined,
): boolean {
	return (
		name === file.fileName &&
		(sizeBytes ?? 0) >= file.sizeBytes &&
		(isInline ?? false) === (file.contentId !== undefined)
	);
}

/** What Graph is told of a file beside its content. */
export function toProperties({ fileName, mimeType, contentId }: DetachedFile) {
	return {
		name: fileName,
		contentType: mimeType,
		...(contentId !== undefined && { isInline: true, contentId }),
	};
}

/** What errors call it. */
export function toSubject({ fileName }: DetachedFile): string {
	return `attachment ${toExcerpt(fileName)}`;
}
