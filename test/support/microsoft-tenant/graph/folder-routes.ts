import { json, type Answer } from '../http/answer';
import type { Folder } from '../mailbox/folder';
import type { Mailbox } from '../mailbox/mailbox';
import { folderOf, jsonBody, type GraphCall, type Route } from './call';
import { GraphError } from './graph-error';
import { toPage } from './page';
import { pick, readSelect } from './select';
import { folderShape, readShape } from './write-shape';

const properties = [
	'id',
	'displayName',
	'parentFolderId',
	'childFolderCount',
	'unreadItemCount',
	'totalItemCount',
	'isHidden',
];

export const folderRoutes: readonly Route[] = [
	{
		method: 'GET',
		pattern: 'mailFolders',
		right: 'read',
		handle: (call) => list(call, call.mailbox.root),
	},
	{
		method: 'POST',
		pattern: 'mailFolders',
		right: 'write',
		handle: (call) => create(call, call.mailbox.root),
	},
	{
		method: 'GET',
		pattern: 'mailFolders/:folder',
		right: 'read',
		handle: (call) => json(200, show(call, folderOf(call))),
	},
	{
		method: 'GET',
		pattern: 'mailFolders/:folder/childFolders',
		right: 'read',
		handle: (call) => list(call, folderOf(call)),
	},
	{
		method: 'POST',
		pattern: 'mailFolders/:folder/childFolders',
		right: 'write',
		handle: (call) => create(call, folderOf(call)),
	},
];

/** Direct children alone; hidden ones only when asked for. */
function list(call: GraphCall, parent: Folder): Answer {
	const withHidden = call.request.query.get('includeHiddenFolders') === 'true';
	const folders = call.mailbox
		.childrenOf(parent)
		.filter(({ isHidden }) => withHidden || !isHidden)
		.map((folder) => toFolderJson(folder, call.mailbox));
	const select = readFolderSelect(call);
	return toPage(call, folders, (row) => pick(row, select), 'mailFolders');
}

function create(call: GraphCall, parent: Folder): Answer {
	const said = readShape(folderShape, jsonBody(call));
	const isTaken = call.mailbox
		.childrenOf(parent)
		.some((each) => each.displayName.toLowerCase() === said.displayName.toLowerCase());
	if (isTaken) {
		throw new GraphError(
			409,
			'ErrorFolderExists',
			'A folder with the specified name already exists.',
		);
	}
	return json(201, show(call, call.mailbox.addFolder(said.displayName, parent, said.isHidden)));
}

function show(call: GraphCall, folder: Folder): Record<string, unknown> {
	return pick(toFolderJson(folder, call.mailbox), readFolderSelect(call));
}

function readFolderSelect({ request }: GraphCall) {
	return readSelect(request.query, properties, 'Microsoft.OutlookServices.MailFolder');
}

function toFolderJson(folder: Folder, mailbox: Mailbox): Record<string, unknown> {
	const messages = mailbox.messagesIn(folder);
	return {
		id: folder.id,
		displayName: folder.displayName,
		parentFolderId: folder.parent?.id ?? null,
		childFolderCount: mailbox.childrenOf(folder).length,
		unreadItemCount: messages.filter(({ content }) => !content.isRead).length,
		totalItemCount: messages.length,
		isHidden: folder.isHidden,
	};
}
