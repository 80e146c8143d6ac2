import { parseAddress } from '../address';
import { MailError } from '../errors';
import { RECIPIENTS_PER_MESSAGE } from '../limits';
import type { Address } from '../message';
import type { OutgoingMessage } from '../outgoing';

/** All addresses of a message. */
export interface AddressFields {
	readonly from: Address;
	readonly to: readonly Address[];
	readonly cc: readonly Address[];
	readonly bcc: readonly Address[];
	readonly replyTo: readonly Address[];
}

/**
 * Read again, whoever built the message: whatever comes out of here holds no second address and no header.
 * Throws `message.invalid` and `limit.exceeded`.
 */
export function toCheckedAddresses(message: OutgoingMessage): AddressFields {
	const recipients = message.to.length + message.cc.length + message.bcc.length;
	if (recipients > RECIPIENTS_PER_MESSAGE) {
		throw new MailError('limit.exceeded', {
			subject: `${recipients} recipients, at most ${RECIPIENTS_PER_MESSAGE} are sent to at once`,
			remedy: 'Split the recipients over several e-mails.',
		});
	}
	const all = (list: readonly Address[], field: string) =>
		list.map((address) => parseAddress(address, field));
	return {
		from: parseAddress(message.from, 'From'),
		to: all(message.to, 'To'),
		cc: all(message.cc, 'Cc'),
		bcc: all(message.bcc, 'Bcc'),
		replyTo: all(message.replyTo, 'Reply-To'),
	};
}

/** Throws `message.invalid`. */
export function requireRecipient({ to, cc, bcc }: AddressFields): void {
	if (to.length + cc.length + bcc.length > 0) return;
	throw new MailError('message.invalid', {
		subject: 'it has no recipient',
		remedy: 'Fill in To, Cc or Bcc.',
	});
}

const NOT_ASCII = /[^\u0000-\u007f]/;

/**
 * See `ComposedMessage.needsSmtpUtf8`. The composer writes a domain as A-labels, unless the part before the @ goes beyond
 * ASCII as well.
 *
 * @param headers further ones that are encoded already; what cannot be encoded in them is an address
 */
export function needsSmtpUtf8(
	{ from, to, cc, bcc, replyTo }: AddressFields,
	headers: ReadonlyArray<{ readonly value: string; readonly prepared: boolean }>,
): boolean {
	return (
		[from, ...to, ...cc, ...bcc, ...replyTo].some(({ address }) =>
			NOT_ASCII.test(address.slice(0, address.lastIndexOf('@'))),
		) || headers.some(({ value, prepared }) => prepared && NOT_ASCII.test(value))
	);
}
