import { toComparableDomain } from './domain';
import { endOfQuotedString, toUnquoted } from './quoted';
import { CONTROL } from './syntax';
import type { Address } from '../message';

/** An address in the form in which addresses are compared: lower case, NFC, domain by its A-labels. */
export interface ComparableAddress {
	readonly local: string;
	readonly domain: string;
}

/**
 * Also takes what received mail holds and no user may type: a local part that lost its quotes, a trailing dot.
 * Undefined for what has no local part or no domain. RFC 5321, section 2.4 leaves the case of the local part
 * to the receiving server; none in use tells users apart by it.
 */
export function toComparableAddress(address: string): ComparableAddress | undefined {
	const text = address.trim();
	const at = text.lastIndexOf('@');
	if (at < 1 || CONTROL.test(text)) return undefined;
	const domain = toComparableDomain(withoutTrailingDot(text.slice(at + 1)));
	const local = toComparableLocalPart(text.slice(0, at));
	return domain === undefined || local === '' ? undefined : { local, domain };
}

/** Whether both mean the same mailbox; display names do not count. */
export function sameAddress(a: Address | string, b: Address | string): boolean {
	return toAddressKey(a) === toAddressKey(b);
}

/** The same for all spellings of one mailbox, see `sameAddress`. */
export function toAddressKey(value: Address | string): string {
	const address = typeof value === 'string' ? value : value.address;
	const comparable = toComparableAddress(address);
	return comparable === undefined
		? toLowerCase(address.trim())
		: `${comparable.local}@${comparable.domain}`;
}

/** `"a"@b` and `a@b` are one mailbox (RFC 5321, section 4.1.2). */
function toComparableLocalPart(local: string): string {
	const isQuoted = local.startsWith('"') && endOfQuotedString(local, 0) === local.length;
	return toLowerCase(isQuoted ? toUnquoted(local) : local);
}

/** Composed before and after: lower case can take characters apart. */
function toLowerCase(text: string): string {
	return text.normalize('NFC').toLowerCase().normalize('NFC');
}

function withoutTrailingDot(domain: string): string {
	return domain.endsWith('.') ? domain.slice(0, -1) : domain;
}
