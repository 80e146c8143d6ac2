import { json, noContent, type Answer } from '../http/answer';
import type { Message } from '../mailbox/message';
import { toMime } from '../mailbox/mime-writer';
import { folderOf, jsonBody, messageOf, type GraphCall, type Route } from './call';
import { toChanges } from './draft';
import { readExpand } from './expand';
import { accessDenied, GraphError, itemNotFound } from './graph-error';
import { messageProperties, toMessageJson, toWholeMessage } from './message-json';
import { toPage } from './page';
import { pick, readSelect } from './select';
import { destinationShape, readShape, updateShape } from './write-shape';

/** Free on received mail too; all else may be changed while it is a draft: facts of 2026-12-31. */
const FREE_PROPERTIES = new Set([
	'@odata.type',
	'@odata.etag',
	'isRead',
	'flag',
	'categories',
	'importance',
	'inferenceClassification',
	'isReadReceiptRequested',
	'isDeliveryReceiptRequested',
	'singleValueExtendedProperties',
]);

export const messageRoutes: readonly Route[] = [
	{
		method: 'GET',
		pattern: 'messages',
		right: 'read',
		handle: (call) => list(call, call.mailbox.messages),
	},
	{
		method: 'GET',
		pattern: 'mailFolders/:folder/messages',
		right: 'read',
		handle: (call) => list(call, call.mailbox.messagesIn(folderOf(call))),
	},
	{
		method: 'GET',
		pattern: 'messages/:message',
		right: 'read',
		handle: (call) => json(200, showMessage(call, messageOf(call))),
	},
	{
		method: 'GET',
		pattern: 'messages/:message/$value',
		right: 'read',
		handle: async (call) => ({
			status: 200,
			headers: { 'content-type': 'text/plain' },
			body: await toMime(messageOf(call)),
		}),
	},
	{ method: 'PATCH', pattern: 'messages/:message', right: 'write', handle: update },
	{
		method: 'POST',
		pattern: 'messages/:message/move',
		right: 'write',
		handle: (call) => {
			const message = messageOf(call);
			call.mailbox.move(message, destinationOf(call));
			return json(201, toMessageJson(message, call.preferences));
		},
	},
	{
		method: 'POST',
		pattern: 'messages/:message/copy',
		right: 'write',
		handle: (call) => {
			const copy = call.mailbox.copy(messageOf(call), destinationOf(call));
			return json(201, toMessageJson(copy, call.preferences));
		},
	},
	{
		method: 'DELETE',
		pattern: 'messages/:message',
		right: 'write',
		handle: (call) => {
			const message = messageOf(call);
			const bin = call.mailbox.folder('deleteditems');
			// What is deleted from there goes to the hidden Recoverable Items.
			if (message.folder === bin) call.mailbox.remove(message);
			else call.mailbox.move(message, bin);
			return noContent;
		},
	},
	{
		method: 'POST',
		pattern: 'messages/:message/permanentDelete',
		right: 'write',
		handle: (call) => {
			call.mailbox.remove(messageOf(call));
			return noContent;
		},
	},
];

/** Newest first, as Graph does without `$orderby`. */
function list(call: GraphCall, messages: readonly Message[]): Answer {
	const select = selectOf(call);
	const expand = readExpand(call);
	const found = messages.toSorted((a, b) => b.receivedMs - a.receivedMs);
	const rows = found.map((message) => ({
		...toWholeMessage(message, call.preferences),
		...expand(message),
	}));
	const hidden = select === undefined ? ['internetMessageHeaders', 'uniqueBody'] : [];
	return toPage(call, rows, (row) => pick(row, withExpanded(select), hidden), 'messages');
}

export function showMessage(call: GraphCall, message: Message): Record<string, unknown> {
	return {
		'@odata.context': `${new URL(call.base).origin}/v1.0/$metadata#messages/$entity`,
		...toMessageJson(message, call.preferences, selectOf(call)),
		...readExpand(call)(message),
	};
}

function update(call: GraphCall): Answer {
	const message = messageOf(call);
	const said = readShape(updateShape, jsonBody(call));
	const forbidden = Object.keys(said).find((name) => !FREE_PROPERTIES.has(name));
	if (!message.content.isDraft && forbidden !== undefined) {
		throw accessDenied(
			`The property '${forbidden}' of a message that is not a draft can be changed with Mail-Advanced.ReadWrite only.`,
		);
	}
	const wanted = call.request.headers['if-match'];
	const current = toWholeMessage(message, call.preferences)['@odata.etag'];
	if (wanted !== undefined && wanted !== '*' && wanted !== current) {
		throw new GraphError(
			412,
			'ErrorIrresolvableConflict',
			'The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.',
		);
	}
	if (message.content.isDraft && forbidden !== undefined) message.mime = undefined;
	call.mailbox.update(message, toChanges(said));
	return json(200, showMessage(call, message));
}

function destinationOf(call: GraphCall) {
	const { destinationId } = readShape(destinationShape, jsonBody(call));
	const folder = call.mailbox.findFolder(destinationId);
	if (folder === undefined) throw itemNotFound();
	return folder;
}

export function selectOf({ request }: GraphCall) {
	return readSelect(request.query, messageProperties, 'Microsoft.OutlookServices.Message');
}

function withExpanded(select: readonly string[] | undefined) {
	return select && [...select, 'attachments', 'singleValueExtendedProperties'];
}
