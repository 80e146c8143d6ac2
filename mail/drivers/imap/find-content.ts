import type { ImapFlow } from 'imapflow';
import { MailError } from '../../errors';
import type { MessageHead } from '../../message';
import { toContent, type Content } from '../mime/structure';
import type { KnownContent } from './fetch-heads';
import { fetchRows } from './fetch-rows';

/** From the head where this session read it, otherwise from the server; a MailError where it cannot be read. */
export async function findContents(
	client: ImapFlow,
	heads: readonly MessageHead[],
	known: KnownContent,
): Promise<Map<MessageHead, Content | MailError>> {
	const contents = new Map<MessageHead, Content | MailError>();
	const unknown: MessageHead[] = [];
	for (const head of heads) {
		const content = known.get(head);
		if (content === undefined) unknown.push(head);
		else contents.set(head, content);
	}
	const { rows, errors } = await fetchRows(
		client,
		unknown.map(({ uid }) => uid),
		{ bodyStructure: true },
	);
	for (const head of unknown) {
		const error = errors.get(head.uid);
		const row = rows.get(head.uid);
		if (error !== undefined) contents.set(head, error);
		else if (row !== undefined) {
			contents.set(
				head,
				row.bodyStructure === undefined
					? new MailError('message.unreadable', { subject: `UID ${head.uid}` })
					: toContent(row.bodyStructure),
			);
		}
	}
	return contents;
}
