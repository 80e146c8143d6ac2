import type { INodeExecutionData } from 'n8n-workflow';
import { MailError } from '../../../mail/errors';
import { toFactSource } from '../../../mail/facts/fact-part';
import { RAW_SOURCE_BYTES } from '../../../mail/limits';
import type { MessageReference } from '../../../mail/ports';
import { toMessageItem } from './message-item';
import { readHead, type Task } from './task';

/** The mail with its text; of its attachments name, type and size. */
export async function getMessage(
	task: Task,
	reference: MessageReference,
	includeSource: boolean,
): Promise<INodeExecutionData[]> {
	const { session } = task;
	const head = await readHead(session, reference);
	const want = { attachments: [], partTexts: toFactSource(head).partTexts };
	const [fetched] = await session.fetchBodies([{ head, want }]);
	if (fetched === undefined) throw new MailError('message.missing', { subject: `UID ${head.uid}` });
	if ('error' in fetched) throw fetched.error;
	const { body } = fetched;
	if (!includeSource) return [toMessageItem(task, head, body)];

	const { source, truncated } = await session.fetchSource(head.uid, RAW_SOURCE_BYTES);
	const warnings = truncated
		? [...body.warnings, 'The raw message is too long: only its beginning was taken.']
		: body.warnings;
	const raw = await task.helpers.prepareBinaryData(source, 'message.eml', 'message/rfc822');
	return [{ ...toMessageItem(task, head, { ...body, warnings }), binary: { raw } }];
}
