import type { INodeExecutionData } from 'n8n-workflow';
import type { MailboxSession, MessageReference } from '../../../mail/ports';
import { toMovedReference } from '../reference';
import type { Change } from '../settings';
import type { Operation } from './operation';
import { findUid, type Task } from './task';

/** The item that came in; its reference leads to where the mail is now, and is null once it is deleted. */
export async function changeMessage(
	{ session, item }: Task,
	reference: MessageReference,
	change: Change,
	operation: Operation,
): Promise<INodeExecutionData[]> {
	const uid = await findUid(session, reference);
	await apply(session, uid, change);
	const { path: folder, uidValidity } = session.folder;
	const found = { ...reference, folder, uidValidity, uid };
	const now =
		change.kind === 'delete'
			? null
			: change.kind === 'move'
				? toMovedReference(found, change.folder)
				: found;
	const mailbox = {
		operation,
		folder,
		...('folder' in change && { targetFolder: change.folder }),
		...('flags' in change && { flags: [...change.flags] }),
	};
	const json = { ...item.json, reference: now && { ...now }, mailbox };
	return [item.binary === undefined ? { json } : { json, binary: item.binary }];
}

async function apply(session: MailboxSession, uid: number, change: Change): Promise<void> {
	switch (change.kind) {
		case 'addFlags':
			return await session.addFlags([uid], change.flags);
		case 'removeFlags':
			return await session.removeFlags([uid], change.flags);
		case 'copy':
			return await session.copy([uid], change.folder);
		case 'move':
			return await session.move([uid], change.folder);
		case 'delete':
			return await session.delete([uid]);
	}
}
