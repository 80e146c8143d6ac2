import { randomUUID } from 'node:crypto';
import type { User } from '../directory/user';
import type { MessageContent, Recipient } from '../mailbox/content';
import type { NewMessage } from '../mailbox/mailbox';
import type { Message } from '../mailbox/message';
import { toChanges, toDraft } from './draft';
import type { MessageWrite } from './write-shape';

export type ResponseKind = 'reply' | 'replyAll' | 'forward';

interface ResponseWishes {
	readonly kind: ResponseKind;
	readonly owner: User;
	/** What the client wants otherwise than Exchange would make it. */
	readonly message: MessageWrite;
	readonly comment: string;
	readonly nowMs: number;
}

/** A reply or forward as Exchange makes it: recipients, subject, quoted text, and the headers that tie it to a thread. */
export function toResponse(original: Message, wishes: ResponseWishes): NewMessage {
	const { kind, owner, message, nowMs } = wishes;
	const { attachments, content } = toDraft(message, owner, nowMs);
	const prefix = kind === 'forward' ? 'FW: ' : 'RE: ';
	const carried = original.attachments.filter(({ isInline }) => kind === 'forward' || isInline);
	const made: MessageContent = {
		...content,
		...toRecipients(original.content, kind, owner),
		subject: `${prefix}${original.content.subject.replace(/^(re|fw|fwd|aw|wg): /i, '')}`,
		body: { contentType: 'html', content: toQuote(original.content, wishes.comment) },
		...toChanges(message),
		internetMessageId: `<${randomUUID()}@contoso.example>`,
	};
	return {
		content: kind === 'forward' ? made : withThread(made, original),
		attachments: [...carried, ...(attachments ?? [])],
	};
}

/** RFC 5322, section 3.6.4. */
export function withThread(
	content: MessageContent,
	{ content: original }: Message,
): MessageContent {
	const before =
		original.internetMessageHeaders.find(({ name }) => name.toLowerCase() === 'references')
			?.value ?? '';
	const others = content.internetMessageHeaders.filter(
		({ name }) => !['in-reply-to', 'references'].includes(name.toLowerCase()),
	);
	return {
		...content,
		conversationId: original.conversationId,
		internetMessageHeaders: [
			...others,
			{ name: 'In-Reply-To', value: original.internetMessageId },
			{ name: 'References', value: `${before} ${original.internetMessageId}`.trim() },
		],
	};
}

/** A reply goes to Reply-To where there is one; one to all leaves the replier out. */
function toRecipients(original: MessageContent, kind: ResponseKind, owner: User) {
	const answered =
		original.replyTo.length > 0 ? original.replyTo : original.from ? [original.from] : [];
	if (kind === 'forward') return { toRecipients: [] };
	if (kind === 'reply') return { toRecipients: answered };
	const isOther = ({ emailAddress }: Recipient) => !owner.isCalled(emailAddress.address);
	return {
		toRecipients: [...answered, ...original.toRecipients.filter(isOther)],
		ccRecipients: original.ccRecipients.filter(isOther),
	};
}

function toQuote({ from, subject, body }: MessageContent, comment: string): string {
	const text = body.contentType === 'html' ? body.content : `<pre>${escape(body.content)}</pre>`;
	return `<html><body>${escape(comment)}<hr><b>From:</b> ${escape(from?.emailAddress.address ?? '')}<br><b>Subject:</b> ${escape(subject)}<br>${text}</body></html>`;
}

function escape(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
