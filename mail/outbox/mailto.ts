import { domainToASCII } from 'node:url';

/** Characters of a local part that mean themselves in a URI (RFC 6068, section 2). */
const NOT_PLAIN = /[^\w.!$'*+~-]+/gu;

/** `mailto:local@domain` in ASCII without anything that could end the URI. */
export function toMailto(address: string): string {
	const at = address.lastIndexOf('@');
	const domain = address.slice(at + 1);
	const local = address
		.slice(0, at)
		.replace(/\p{Cs}/gu, '\ufffd')
		.replace(NOT_PLAIN, (characters) => encodeURIComponent(characters));
	return `mailto:${local}@${domainToASCII(domain) || domain}`;
}
