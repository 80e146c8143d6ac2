import { buffer } from 'node:stream/consumers';
import { type Attaching, toProperties, toSubject } from './attaching';
import { graphPath } from './path';
import { uploadFile } from './upload';

/** From this size on Graph wants an upload session, and refuses one below (ErrorAttachmentSizeShouldNotBeLessThanMinimumSize). */
const SESSION_BYTES = 3 * 1024 * 1024;

/** Resolves when the file is attached, once. Throws MailError where it is not, or where nobody knows. */
export async function attachFile(attaching: Attaching): Promise<void> {
	if (attaching.file.sizeBytes < SESSION_BYTES) await attachWhole(attaching);
	else await uploadFile(attaching);
}

async function attachWhole({ mailbox, draftId, file, signal }: Attaching): Promise<void> {
	const content = await buffer(file.open(0, file.sizeBytes));
	const { client } = mailbox;
	await client.send({
		method: 'POST',
		path: `${client.mailbox}${graphPath`/messages/${draftId}/attachments`}`,
		subject: toSubject(file),
		signal,
		body: {
			'@odata.type': '#microsoft.graph.fileAttachment',
			...toProperties(file),
			contentBytes: content.toString('base64'),
		},
	});
}
