import type { Address, MessageHead } from '../message';
import type { OutgoingMessage } from '../outgoing';
import type { PlaceholderValues, Template } from './template';

/** A text that is sent to whoever has written. */
export interface AutoReplyText {
	readonly subject: Template;
	readonly body: Template;
	readonly format: 'text' | 'html';
}

export interface AutoReplyParties {
	readonly from: Address;
	readonly to: readonly Address[];
	readonly cc: readonly Address[];
}

/**
 * The answer as a message: in the thread of what it answers, and marked so that no other program answers it (RFC 3834,
 * sections 3.1.7 and 5; Exchange looks at its own header).
 *
 * @param identityKey the same for the same mail: it is not answered twice
 */
export function toAutoReply(
	{ subject, body, format }: AutoReplyText,
	values: PlaceholderValues,
	{ from, to, cc }: AutoReplyParties,
	answered: MessageHead,
	identityKey: string,
): OutgoingMessage {
	const { messageId, references } = answered;
	return {
		from,
		to,
		cc,
		bcc: [],
		replyTo: [],
		subject: subject.toLine(values),
		...(format === 'html' ? { html: body.toHtml(values) } : { text: body.toText(values) }),
		attachments: [],
		importance: 'normal',
		headers: [
			{ name: 'Auto-Submitted', value: 'auto-replied' },
			{ name: 'X-Auto-Response-Suppress', value: 'All' },
			{ name: 'Precedence', value: 'bulk' },
		],
		thread: messageId === '' ? undefined : { messageId, references },
		identityKey,
	};
}
