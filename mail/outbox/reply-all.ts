import { toAddressKey } from '../address';
import type { Address } from '../message';
import { type AnsweredMessage, toReplyRecipients } from './reply';

/** What an answer to all has to know of the message that it answers. */
export interface GroupMessage extends AnsweredMessage {
	readonly to: readonly Address[];
	readonly cc: readonly Address[];
	/** Where a mailing list takes its mail (RFC 2369, section 3.4). */
	readonly listPost: readonly string[];
}

export interface GroupRecipients {
	readonly to: Address[];
	readonly cc: Address[];
}

/**
 * To whom an answer to all goes: the sender in To, everybody else who was in To or Cc in Cc, each once and none of our own
 * addresses. To is empty where nobody is left.
 *
 * Lists that put themselves into Reply-To would keep the answer from its author: there From counts, and the list stands
 * in Cc.
 */
export function toReplyAllRecipients(
	answered: GroupMessage,
	ownAddresses: readonly string[],
): GroupRecipients {
	const lists = new Set(answered.listPost.map(toAddressKey));
	const isList = (address: Address) => lists.has(toAddressKey(address));
	const goesToList = answered.replyTo.length > 0 && answered.replyTo.every(isList);

	const taken = new Set(ownAddresses.map(toAddressKey));
	const take = (addresses: readonly Address[]) =>
		addresses.filter((address) => {
			const key = toAddressKey(address);
			const isNew = !taken.has(key);
			taken.add(key);
			return isNew;
		});
	const sender = take(
		toReplyRecipients(goesToList ? { ...answered, replyTo: [] } : answered, ownAddresses),
	);
	const lines = [...(goesToList ? answered.replyTo : []), ...answered.to];
	// An answer to a mail of our own goes to those who got it.
	if (sender.length === 0) return { to: take(lines), cc: take(answered.cc) };
	return { to: sender, cc: take([...lines, ...answered.cc]) };
}
