import { toDisplayName } from './list';
import { toQuotedString } from './quoted';
import { isDotAtom, readAddrSpec, toWrittenLocalPart } from './syntax';
import type { Address } from '../message';

/** RFC 5322, section 3.2.3; and what a reader would take for an encoded word (RFC 2047). */
const NEEDS_QUOTES = /["(),.:;<>@[\]\\]|=\?/;

const UNPRINTABLE = /[\p{Cc}\p{Cs}\u2028\u2029]/gu;

/** What would end a domain, or the address around it. */
const NOT_IN_DOMAIN = /[\p{Z}\p{C}"(),:;<>@[\]\\]/gu;

/**
 * `Name <a@b>` on one line, the name as it is read, not MIME-encoded. Addresses of received mail, which nobody has checked,
 * come out so that they can never be read as two.
 */
export function formatAddress(address: Address): string {
	const name = toDisplayName(address.name.replace(UNPRINTABLE, ' '));
	const addrSpec = toSafeAddrSpec(address.address);
	if (name === '') return addrSpec;
	const phrase = NEEDS_QUOTES.test(name) ? toQuotedString(name) : name;
	return addrSpec === '' ? phrase : `${phrase} <${addrSpec}>`;
}

function toSafeAddrSpec(address: string): string {
	const read = readAddrSpec(address);
	if ('address' in read) return read.address;
	const text = address.replace(UNPRINTABLE, ' ').trim();
	const at = text.lastIndexOf('@');
	if (at === -1) return toSafeLocalPart(text);
	return `${toSafeLocalPart(text.slice(0, at))}@${text.slice(at + 1).replace(NOT_IN_DOMAIN, '')}`;
}

function toSafeLocalPart(local: string): string {
	const written = toWrittenLocalPart(local);
	if (written === '' || written !== local || isDotAtom(written)) return written;
	return toQuotedString(written);
}
