import { json, noContent, type Answer } from '../http/answer';
import type { Attachment } from '../mailbox/attachment';
import { toMime } from '../mailbox/mime-writer';
import { readAttachmentSelect, toAttachmentJson } from './attachment-json';
import { jsonBody, messageOf, type GraphCall, type Route } from './call';
import { readNewAttachment } from './draft';
import { badRequest, GraphError, itemNotFound } from './graph-error';
import { toPage } from './page';

/** Above it, Graph wants an upload session. */
const MAX_POSTED_BYTES = 3 * 1024 * 1024;

export const attachmentRoutes: readonly Route[] = [
	{ method: 'GET', pattern: 'messages/:message/attachments', right: 'read', handle: list },
	{ method: 'POST', pattern: 'messages/:message/attachments', right: 'write', handle: create },
	{
		method: 'GET',
		pattern: 'messages/:message/attachments/:attachment',
		right: 'read',
		handle: (call) => {
			const withItem = /^microsoft\.graph\.itemAttachment\/item/i.test(
				call.request.query.get('$expand') ?? '',
			);
			const select = readAttachmentSelect(call.request.query);
			return json(
				200,
				toAttachmentJson(attachmentOf(call), call.preferences, { select, withItem }),
			);
		},
	},
	{
		method: 'GET',
		pattern: 'messages/:message/attachments/:attachment/$value',
		right: 'read',
		handle: async (call) => await readValue(attachmentOf(call)),
	},
	{
		method: 'DELETE',
		pattern: 'messages/:message/attachments/:attachment',
		right: 'write',
		handle: (call) => {
			call.mailbox.detach(messageOf(call), attachmentOf(call));
			return noContent;
		},
	},
];

function list(call: GraphCall): Answer {
	const select = readAttachmentSelect(call.request.query);
	const rows = messageOf(call).attachments.map((each) =>
		toAttachmentJson(each, call.preferences, { select }),
	);
	return toPage(call, rows, (row) => row, 'attachments');
}

function create(call: GraphCall): Answer {
	const message = messageOf(call);
	const made = readNewAttachment(jsonBody(call), call.nowMs);
	if (made.kind === 'file' && made.content.sizeBytes > MAX_POSTED_BYTES) {
		throw new GraphError(
			413,
			'RequestEntityTooLarge',
			'The attachment size exceeds the maximum limit of 3 MB. Use an upload session.',
		);
	}
	const attachment = call.mailbox.attach(message, made);
	return json(201, toAttachmentJson(attachment, call.preferences));
}

/** Bytes of a file, MIME of an item; a reference has neither: https://learn.microsoft.com/graph/api/attachment-get. */
async function readValue(attachment: Attachment): Promise<Answer> {
	if (attachment.kind === 'reference') {
		throw badRequest('$value is not supported for reference attachments.');
	}
	if (attachment.kind === 'item') {
		return {
			status: 200,
			headers: { 'content-type': 'application/octet-stream' },
			body: await toMime(attachment.item),
		};
	}
	return {
		status: 200,
		headers: { 'content-type': 'application/octet-stream' },
		body: attachment.content.read(),
	};
}

function attachmentOf(call: GraphCall): Attachment {
	const found = messageOf(call).attachments.find(({ id }) => id === call.ids.attachment);
	if (found === undefined) throw itemNotFound();
	return found;
}
