import { DOMAIN_OCTETS, toWrittenDomain } from './domain';
import { endOfQuotedString, toQuotedString, toUnquoted } from './quoted';

/** RFC 5321, section 4.5.3.1.1, in octets. */
export const LOCAL_PART_OCTETS = 64;

/** What can be wrong with an address, and what to do about it. */
export const addressFaults = {
	control: 'Remove the line break or control character from it.',
	empty: 'Write an address: name@example.com.',
	several: 'Write one address only.',
	notText: 'Give text, an object with name and address, or a list of them.',
	noLocal: 'Write the part before the @: name@example.com.',
	noDomain: 'Write the whole address with its domain: name@example.com.',
	severalAt: 'An address has one @. Separate several addresses by commas.',
	space:
		'An address has no spaces or invisible characters. Separate several addresses by commas, and put <> around an address that follows a name.',
	local:
		'The part before the @ has characters or dots that no address has. Put a name with special characters in double quotes.',
	longLocal: `The part before the @ may have ${LOCAL_PART_OCTETS} bytes at most.`,
	domain: 'The part after the @ is not a domain such as example.com.',
	longDomain: `The part after the @ may have ${DOMAIN_OCTETS} bytes at most.`,
	unclosed: 'A quote, bracket or parenthesis in it is not closed.',
	brackets: 'Write one address in <> behind a name, and a comma before the next.',
	name: 'Put a name that has special characters in double quotes.',
	group: 'A group is written with a name and an end: Team: a@example.com, b@example.com;',
} as const satisfies Record<string, string>;

export type AddressFault = keyof typeof addressFaults;

export type AddrSpec = { readonly address: string } | { readonly fault: AddressFault };

/** Line breaks, NUL and the other controls but the tab; and halves of characters, which no encoding can carry. */
export const CONTROL = /[^\P{Cc}\t]|\p{Cs}/u;

/** RFC 5322, section 3.2.3, with what RFC 6531, section 3.3 adds. */
const DOT_ATOM =
	/^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+(?:\.[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+)*$/u;

/** Spaces and invisible characters: pasted by accident, never part of an address that somebody has. */
const INVISIBLE = /(?![\u200c\u200d])[\p{Z}\p{C}]/u;

/**
 * Reads a bare address, `local@domain` (RFC 5321, section 4.1.2; RFC 6531). The result is canonical: a local part is
 * quoted only where it must be. No character of it can end a line.
 */
export function readAddrSpec(text: string): AddrSpec {
	if (text === '') return { fault: 'empty' };
	const at = endOfLocalPart(text);
	if (at === -1) return { fault: 'noDomain' };
	const local = toWrittenLocalPart(text.slice(0, at));
	const domain = text.slice(at + 1);
	const written = toWrittenDomain(domain);
	const fault =
		toLocalPartFault(local) ?? (written === undefined ? toDomainFault(domain) : undefined);
	return fault === undefined ? { address: `${local}@${written}` } : { fault };
}

/** The local part as it goes into a message; `local` may be quoted. */
export function toWrittenLocalPart(local: string): string {
	const isQuoted = local.startsWith('"') && endOfQuotedString(local, 0) === local.length;
	if (!isQuoted) return local;
	const plain = toUnquoted(local);
	return isDotAtom(plain) ? plain : toQuotedString(plain);
}

export function isDotAtom(local: string): boolean {
	return DOT_ATOM.test(local) && !INVISIBLE.test(local);
}

/** Position of the @ that divides the address; -1 where there is none. */
function endOfLocalPart(text: string): number {
	if (!text.startsWith('"')) return text.indexOf('@');
	const end = endOfQuotedString(text, 0);
	return end !== -1 && text[end] === '@' ? end : -1;
}

function toLocalPartFault(local: string): AddressFault | undefined {
	if (local === '' || local === '""') return 'noLocal';
	if (Buffer.byteLength(local) > LOCAL_PART_OCTETS) return 'longLocal';
	const isQuoted = local.startsWith('"');
	if (INVISIBLE.test(isQuoted ? local.replaceAll(' ', '') : local)) return 'space';
	return isQuoted || DOT_ATOM.test(local) ? undefined : 'local';
}

function toDomainFault(domain: string): AddressFault {
	if (domain === '') return 'noDomain';
	if (domain.includes('@')) return 'severalAt';
	if (INVISIBLE.test(domain)) return 'space';
	return Buffer.byteLength(domain) > DOMAIN_OCTETS ? 'longDomain' : 'domain';
}
