import { sameAddress } from '../address';
import type { Address } from '../message';
import type { ThreadReference } from '../outgoing';
import { toOneLine } from './one-line';

/** What an answer has to know of the message that it answers. */
export interface AnsweredMessage {
	/** With angle brackets; empty where the sender gave none. */
	readonly messageId: string;
	readonly references: readonly string[];
	readonly subject: string;
	readonly from: readonly Address[];
	readonly replyTo: readonly Address[];
}

/**
 * "Re:" as mail programs write it in their languages: German AW and Antwort, Dutch Antw, Scandinavian SV,
 * Finnish VS, Italian R and RIF, Polish Odp, Turkish Ynt, Portuguese RES, Chinese. Outlook counts: RE[2].
 */
const REPLY_PREFIX =
	/^\s*(?:re|aw|antw|antwort|sv|vs|r|rif|res|odp|ynt|回复|回覆|答复|答覆)\s*(?:[[(]\d{1,3}[\])]\s*)?[:：]\s*/iu;

/** `Re: ` once, whatever stood there before (RFC 5322, section 3.6.5). Always one line. */
export function toReplySubject(subject: string): string {
	let rest = toOneLine(subject);
	while (REPLY_PREFIX.test(rest)) rest = rest.replace(REPLY_PREFIX, '');
	return `Re: ${rest}`.trim();
}

/** Undefined where the message has no identity that an answer could name. */
export function toReplyThread({
	messageId,
	references,
}: Pick<AnsweredMessage, 'messageId' | 'references'>): ThreadReference | undefined {
	return messageId === '' ? undefined : { messageId, references };
}

/**
 * To whom an answer goes: Reply-To, otherwise From (RFC 5322, section 3.6.2). Our own addresses are left out:
 * an answer to ourselves would start the next answer.
 */
export function toReplyRecipients(
	answered: AnsweredMessage,
	ownAddresses: readonly string[],
): Address[] {
	const asked = answered.replyTo.length > 0 ? answered.replyTo : answered.from;
	return asked.filter((address) => !ownAddresses.some((own) => sameAddress(own, address)));
}
