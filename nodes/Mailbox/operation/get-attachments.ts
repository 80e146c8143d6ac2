import { Readable } from 'node:stream';
import type { IBinaryData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import { isMailError, MailError } from '../../../mail/errors';
import type { AttachmentInfo, MessageHead } from '../../../mail/message';
import type { MessageReference } from '../../../mail/ports';
import { toTooLarge, type ChooseAttachments } from '../attachment-choice';
import { readHead, toReference, type Task } from './task';

/** Binary properties are called `attachment_0`, `attachment_1`, …, as those of Email Trigger. */
const ATTACHMENT = 'attachment_';

interface Download {
	readonly property: string;
	readonly sizeBytes: number;
}

/** The item that came in, with the attachments as binary data, streamed into n8n's store one after the other. */
export async function getAttachments(
	task: Task,
	reference: MessageReference,
	choose: ChooseAttachments,
): Promise<INodeExecutionData[]> {
	const { session, item } = task;
	const head = await readHead(session, reference);
	const { attachments, limitBytes, warnings } = choose(head.attachments);
	const allWarnings = [...toTexts(item.json.warnings), ...warnings];
	const binary: Record<string, IBinaryData> = { ...withoutAttachments(item.binary) };
	const downloads = new Map<string, Download>();
	for (const attachment of attachments) {
		const property = `${ATTACHMENT}${downloads.size}`;
		try {
			const { data, sizeBytes } = await download(task, head, attachment, limitBytes);
			binary[property] = data;
			downloads.set(attachment.part, { property, sizeBytes });
		} catch (error) {
			// eslint-disable-next-line @n8n/community-nodes/require-node-api-error -- becomes n8n's error in one place, in run.ts
			if (!isMailError(error, 'limit.exceeded')) throw error;
			allWarnings.push(toTooLarge(attachment, limitBytes));
		}
	}
	const json: IDataObject = {
		...item.json,
		reference: { ...toReference(session, head) },
		attachments: head.attachments.map((info) => toField(info, downloads.get(info.part))),
		warnings: allWarnings,
	};
	return [{ json, binary }];
}

async function download(
	{ session, helpers }: Task,
	head: MessageHead,
	attachment: AttachmentInfo,
	limitBytes: number,
): Promise<{ data: IBinaryData; sizeBytes: number }> {
	const source = await session.openAttachment(head, attachment);
	const counted = { sizeBytes: 0 };
	const limited = Readable.from(count(source, counted, limitBytes), { objectMode: false });
	try {
		const name = toSafeName(attachment.fileName);
		const data = await helpers.prepareBinaryData(limited, name, attachment.mimeType);
		return { data, ...counted };
	} finally {
		// Also where n8n could not store it: the session is needed for the next one.
		limited.destroy();
		source.destroy();
	}
}

/** Servers may announce less than there is. */
async function* count(
	source: AsyncIterable<Buffer>,
	counted: { sizeBytes: number },
	limitBytes: number,
): AsyncGenerator<Buffer, void> {
	for await (const chunk of source) {
		counted.sizeBytes += chunk.length;
		if (counted.sizeBytes > limitBytes) throw new MailError('limit.exceeded');
		yield chunk;
	}
}

/** n8n takes the part before a slash for a folder. */
function toSafeName(fileName: string): string | undefined {
	return fileName.split(/[/\\]/).at(-1) || undefined;
}

function withoutAttachments(binary: INodeExecutionData['binary'] = {}) {
	return Object.fromEntries(
		Object.entries(binary).filter(([name]) => !name.startsWith(ATTACHMENT)),
	);
}

function toTexts(value: unknown): string[] {
	return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}

/** The fields that Email Trigger gives each attachment. */
function toField(info: AttachmentInfo, download: Download | undefined): IDataObject {
	return {
		fileName: info.fileName,
		mimeType: info.mimeType,
		sizeBytes: download?.sizeBytes ?? null,
		encodedSizeBytes: info.encodedSizeBytes,
		contentId: info.contentId,
		inline: info.inline,
		part: info.part,
		binaryProperty: download?.property ?? null,
	};
}
