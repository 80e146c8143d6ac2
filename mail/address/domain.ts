import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';

/** RFC 5321, section 4.5.3.1.2, in octets. */
export const DOMAIN_OCTETS = 255;

/** RFC 1035, section 2.3.4, in octets. */
const LABEL_OCTETS = 63;

/** Letters, digits, hyphens inside; the underscore is not in RFC 5321 but in the names of real intranet hosts. */
const LABEL = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$/;

const ASCII = /^[\w.-]*$/;

/** Node's URL parser would cut or decode these instead of refusing them, and drop invisible characters. */
const NOT_IN_DOMAIN = /[^\w.\-\u0080-\u{10ffff}]|(?![\u200c\u200d])\p{Cf}|\p{Cs}/u;

/**
 * The form in which domains are compared: lower case, labels as A-labels (RFC 5890, section 2.3.2.1).
 * Also takes address literals (`[192.0.2.1]`, `[IPv6:2001:db8::1]`). Undefined for what is no domain.
 */
export function toComparableDomain(domain: string): string | undefined {
	if (domain.startsWith('[')) return isAddressLiteral(domain) ? domain.toLowerCase() : undefined;
	if (Buffer.byteLength(domain) > DOMAIN_OCTETS) return undefined;
	const ascii = toAscii(domain);
	return ascii.length <= DOMAIN_OCTETS && ascii.split('.').every(isLabel) ? ascii : undefined;
}

/** The domain as it goes into a message: ASCII as typed, anything else as U-labels. */
export function toWrittenDomain(domain: string): string | undefined {
	const comparable = toComparableDomain(domain);
	if (comparable === undefined || domain.startsWith('[') || ASCII.test(domain)) {
		return comparable && domain;
	}
	return domainToUnicode(comparable) || undefined;
}

/** All domains that `domain` is a sub-domain of, the longest first: `a.b.c` gives `b.c`, `c`. */
export function* parentDomains(domain: string): Generator<string> {
	if (domain.startsWith('[')) return;
	for (let dot = domain.indexOf('.'); dot !== -1; dot = domain.indexOf('.', dot + 1)) {
		yield domain.slice(dot + 1);
	}
}

function toAscii(domain: string): string {
	if (ASCII.test(domain)) return domain.toLowerCase();
	return NOT_IN_DOMAIN.test(domain) ? '' : domainToASCII(domain);
}

function isLabel(label: string): boolean {
	return label.length <= LABEL_OCTETS && LABEL.test(label);
}

/** RFC 5321, section 4.1.3. */
function isAddressLiteral(domain: string): boolean {
	if (!domain.endsWith(']')) return false;
	const literal = domain.slice(1, -1);
	if (/^IPv6:/i.test(literal))
		return !literal.includes('%') && isIPv6(literal.slice('IPv6:'.length));
	return isIPv4(literal);
}
