import { HEADER_LINE_CHARACTERS } from '../limits';
import type { ThreadReference } from '../outgoing';

export interface ThreadHeaders {
	readonly inReplyTo?: string;
	/** Oldest first, with angle brackets. */
	readonly references: readonly string[];
}

/** What may go into a header from a stranger's mail: printable ASCII in one pair of angle brackets. */
const MESSAGE_ID = /^<[\x21-\x3b\x3d\x3f-\x7e]+>$/;

/**
 * In-Reply-To and References of an answer (RFC 5322, section 3.6.4): the parent's references, then the parent. A forwarded
 * message is no parent that is answered, as mail programs have it, so that there is no In-Reply-To.
 * Identifiers that are none are left out. Where all of them are too many for one line, the first (the start
 * of the thread) and as many of the last as fit are kept.
 */
export function toThreadHeaders(thread: ThreadReference | undefined): ThreadHeaders {
	if (thread === undefined) return { references: [] };
	const ids = [...thread.references, thread.messageId].filter(isMessageId);
	const unique = ids.filter((id, index) => ids.lastIndexOf(id) === index);
	const isAnswer = thread.relation !== 'forward' && isMessageId(thread.messageId);
	const inReplyTo = isAnswer ? thread.messageId : undefined;
	return { inReplyTo, references: toFitting(unique) };
}

function isMessageId(id: string): boolean {
	return id.length <= HEADER_LINE_CHARACTERS / 2 && MESSAGE_ID.test(id);
}

function toFitting(ids: readonly string[]): string[] {
	const [first, ...rest] = ids;
	if (first === undefined) return [];
	const kept: string[] = [];
	let length = 'References: '.length + first.length;
	for (const id of rest.reverse()) {
		length += 1 + id.length;
		if (length > HEADER_LINE_CHARACTERS) break;
		kept.unshift(id);
	}
	return [first, ...kept];
}
