import { sameAddress } from '../address';
import { isAutomatic } from '../classify/automatic';
import { isBounce } from '../classify/bounce';
import { toMailKinds } from '../classify/kind';
import type { Address, MessageHead } from '../message';

/** Mailboxes behind which a program sits, or nobody (RFC 3834, section 2; RFC 2142). */
const ROBOT_NAMES =
	/^(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|noreply.*|no[-_.]?reply.*|mailer-daemon|mail-daemon|postmaster|hostmaster|abuse|bounces?|bounces?[-+=].*|.*[-_.]bounces?|listserv|majordomo|owner-.*|.*-owner|.*-request|nobody|root|www-data)$/i;

/** Anybody can name others in Cc: an answer must not become a way to write to many. */
const COPIES = 20;

/** Microsoft's own way to say it ([MS-OXCMAIL], section 2.2.3.2.14): these two forbid what we would send. */
const SUPPRESSED = /\b(?:all|autoreply)\b/i;

/**
 * Why a mail must not be answered by a program (RFC 3834, section 2), as a clause for the user; undefined where it may
 * be. Strict: a missing answer harms nobody, two robots that answer each other do.
 *
 * @param own all addresses of this mailbox
 */
export function reasonAgainstAutoReply(
	head: MessageHead,
	own: readonly string[],
): string | undefined {
	const { headers } = head;
	// Every mail has some (RFC 5322, section 3.6): a server that kept them back could hide a robot.
	if (headers.size === 0) return 'its headers could not be read';
	if (isBounce(head)) return 'it is a report of non-delivery';
	if (isAutomatic(head)) return 'it was made by a program';
	const kinds = toMailKinds(head);
	if (kinds.has('mailingList')) return 'it comes from a mailing list';
	if (kinds.has('bulk')) return 'it was sent to many';
	if (headers.get('return-path')?.some((path) => path.trim() === '<>') === true) {
		return 'its sender takes no answers';
	}
	if (headers.get('x-auto-response-suppress')?.some((value) => SUPPRESSED.test(value)) === true) {
		return 'its sender asks for no automatic answers';
	}
	const recipients = toAutoReplyRecipients(head);
	if (recipients.length === 0) return 'it names no sender';
	if (recipients.some(({ address }) => isOwn(address, own))) return 'it comes from this mailbox';
	if (recipients.some(({ address }) => isRobot(address))) return 'its sender is no person';
	return undefined;
}

/** Whom an answer goes to: Reply-To, otherwise From (RFC 5322, section 3.6.2); one of them, since one person wrote. */
export function toAutoReplyRecipients({ replyTo, from }: MessageHead): readonly Address[] {
	const asked = replyTo.length > 0 ? replyTo : from;
	return asked.filter(({ address }) => address.trim() !== '').slice(0, 1);
}

/** Others in To and Cc who may get the answer too: no robots, nobody twice, not this mailbox. */
export function toAutoReplyCopies(
	{ to, cc }: MessageHead,
	recipients: readonly Address[],
	own: readonly string[],
): Address[] {
	const copies: Address[] = [];
	for (const candidate of [...to, ...cc]) {
		if (copies.length === COPIES) break;
		const { address } = candidate;
		const known = [...recipients, ...copies].some((one) => sameAddress(one, candidate));
		if (address.trim() === '' || known || isOwn(address, own) || isRobot(address)) continue;
		copies.push(candidate);
	}
	return copies;
}

function isOwn(address: string, own: readonly string[]): boolean {
	return own.some((one) => sameAddress(one, address));
}

function isRobot(address: string): boolean {
	return ROBOT_NAMES.test(address.slice(0, address.lastIndexOf('@')));
}
