import readAddresses from 'nodemailer/lib/addressparser';
import type { Address } from '../../message';
import { cleanHeaderValue } from './header-block';
import { decodeWords } from './encoded-word';

/**
 * The mailboxes of an address field (RFC 5322, section 3.4). Never throws; what has no address, such as the name of a
 * group, is left out.
 * @param value unfolded, not decoded: an encoded name may hold a comma
 */
export function parseAddressHeader(value: string): Address[] {
	return readAddresses(value, { flatten: true }).flatMap(({ name, address }) =>
		address.includes('@') && address !== '@'
			? [{ name: cleanHeaderValue(decodeWords(name)), address }]
			: [],
	);
}
