import MimeNode from 'nodemailer/lib/mime-node';
import { parseAddress } from '../address';
import type { Address } from '../message';
import type { CustomHeader } from './custom-header';

/** The header that asks for a read receipt (RFC 8098, section 2.1), ready for the mail. Throws `message.invalid`. */
export function toReadReceiptHeaders(address: Address | undefined): CustomHeader[] {
	if (address === undefined) return [];
	const checked = parseAddress(address, 'Read Receipt');
	const value = MimeNode.encodeHeaderValue('To', [checked]);
	return [{ name: 'Disposition-Notification-To', value }];
}
