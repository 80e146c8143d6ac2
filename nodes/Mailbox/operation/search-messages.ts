import type { INodeExecutionData } from 'n8n-workflow';
import { BATCH_MESSAGES } from '../../../mail/limits';
import type { FetchedHead, MessageQuery } from '../../../mail/ports';
import type { SearchSettings } from '../search-settings';
import { omit, pick, toMessageItem } from './message-item';
import { toReference, type Task } from './task';

const simpleFields = [
	'subject',
	'from',
	'to',
	'date',
	'receivedAt',
	'messageId',
	'flags',
	'sizeBytes',
	'attachments',
	'folder',
	'uid',
	'reference',
];

/** One item per mail that was found, the newest first. Bodies are not read. */
export async function searchMessages(
	task: Task,
	{ query, limit, simplify }: SearchSettings,
): Promise<INodeExecutionData[]> {
	const { session } = task;
	const newestFirst = (await session.search(query)).reverse();
	const items: INodeExecutionData[] = [];
	for (let start = 0; start < newestFirst.length && items.length < limit; start += BATCH_MESSAGES) {
		const heads = await session.fetchHeads(newestFirst.slice(start, start + BATCH_MESSAGES));
		items.push(
			...heads
				.filter((entry) => 'error' in entry || isReceivedWithin(entry.head.receivedAt, query))
				.map((entry) => toSearchItem(task, entry, simplify)),
		);
	}
	return items.slice(0, limit);
}

/** The server compares days. */
function isReceivedWithin(receivedAt: Date, query: MessageQuery): boolean {
	const { receivedSince, receivedBefore } = query;
	if (receivedSince !== undefined && receivedAt < receivedSince) return false;
	return receivedBefore === undefined || receivedAt < receivedBefore;
}

function toSearchItem(task: Task, entry: FetchedHead, simplify: boolean): INodeExecutionData {
	if ('error' in entry) {
		const { uid, error } = entry;
		const reference = toReference(task.session, { uid, messageId: '' });
		// No property `error`: n8n would take the whole item for a failed one.
		return { json: { uid, reference: { ...reference }, warnings: [error.message] } };
	}
	const { json } = toMessageItem(task, entry.head);
	return {
		json: simplify ? pick(json, simpleFields) : omit(json, ['text', 'html', 'bounce', 'calendar']),
	};
}
