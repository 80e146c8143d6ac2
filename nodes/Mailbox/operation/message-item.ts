import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { toMailFacts } from '../../../mail/facts/mail-facts';
import type { MessageBody, MessageHead } from '../../../mail/message';
import { toItem } from '../../bridge/message-item';
import { toReference, type Task } from './task';

/** Fields of an item of Email Trigger that speak of its routes and deliveries, and not of the mail. */
const deliveryFields = ['route', 'routeReasons', 'company', 'deliveryId', 'attempt'];

/** The mail in the fields of Email Trigger's items. */
export function toMessageItem(
	{ session, account }: Task,
	head: MessageHead,
	body?: MessageBody,
): INodeExecutionData {
	const { json } = toItem(
		{
			deliveryId: '',
			attempt: 1,
			uid: head.uid,
			reference: toReference(session, head),
			head,
			body,
			facts: body && toMailFacts(head, body),
			decision: { matches: [] },
		},
		{ account, folder: session.folder.path },
	);
	return { json: omit(json, deliveryFields) };
}

export function omit(json: IDataObject, fields: readonly string[]): IDataObject {
	return Object.fromEntries(Object.entries(json).filter(([field]) => !fields.includes(field)));
}

export function pick(json: IDataObject, fields: readonly string[]): IDataObject {
	return Object.fromEntries(
		fields.flatMap((field) => (field in json ? [[field, json[field]]] : [])),
	);
}
