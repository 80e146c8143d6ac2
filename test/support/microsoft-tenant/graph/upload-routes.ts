import { jsonBody, messageOf, type Route } from './call';
import { accessDenied } from './graph-error';
import { checkUploadSize, type UploadService } from './upload-service';
import { readShape, uploadSessionShape } from './write-shape';

export function createUploadRoutes(uploads: UploadService): readonly Route[] {
	return [
		{
			method: 'POST',
			pattern: 'messages/:message/attachments/createUploadSession',
			right: 'write',
			handle: (call) => {
				// https://learn.microsoft.com/graph/known-issues: delegated permissions do not do for shared mailboxes.
				if (call.token.user !== undefined && call.token.user !== call.owner) throw accessDenied();
				const message = messageOf(call);
				const { attachmentItem: said } = readShape(uploadSessionShape, jsonBody(call));
				checkUploadSize(said.size);
				return uploads.start({
					mailbox: call.mailbox,
					message,
					name: said.name,
					contentType: said.contentType ?? 'application/octet-stream',
					isInline: said.isInline ?? false,
					contentId: said.contentId ?? undefined,
					sizeBytes: said.size,
				});
			},
		},
	];
}
