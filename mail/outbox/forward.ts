import type { ThreadReference } from '../outgoing';
import { toOneLine } from './one-line';
import { type AnsweredMessage, toReplyThread } from './reply';

/**
 * "Fwd:" as mail programs write it in their languages: FW, German WG, French TR, Spanish RV, Portuguese ENC, Italian I,
 * Polish PD, Swedish VB, Danish and Norwegian VS, Finnish VL, Dutch Doorst, Turkish ILT, Chinese, Japanese.
 */
const FORWARD_PREFIX =
	/^\s*(?:fwd?|wg|tr|rv|enc|i|pd|vb|vs|vl|doorst|[iİ]lt|转发|轉寄|轉發|転送)\s*(?:[[(]\d{1,3}[\])]\s*)?[:：]\s*/iu;

/** `Fwd: ` once, whatever stood there before. Always one line. */
export function toForwardSubject(subject: string): string {
	let rest = toOneLine(subject);
	while (FORWARD_PREFIX.test(rest)) rest = rest.replace(FORWARD_PREFIX, '');
	return `Fwd: ${rest}`.trim();
}

/** The forwarded message stays in its thread, but is not answered. */
export function toForwardThread(
	message: Pick<AnsweredMessage, 'messageId' | 'references'>,
): ThreadReference | undefined {
	const thread = toReplyThread(message);
	return thread && { ...thread, relation: 'forward' };
}
