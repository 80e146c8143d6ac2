import { randomUUID } from 'node:crypto';
import { domainToASCII } from 'node:url';

/**
 * A new Message-ID with angle brackets (RFC 5322, section 3.6.4). The right side is the sender's domain: it is
 * the one that owns the name, and spam filters distrust others.
 */
export function createMessageId(fromAddress: string): string {
	const domain = fromAddress.slice(fromAddress.lastIndexOf('@') + 1);
	// Address literals, `[192.0.2.1]`, are no domain names and stay as they are.
	return `<${randomUUID()}@${domainToASCII(domain) || domain}>`;
}
