import { createHash, randomUUID } from 'node:crypto';
import { domainToASCII } from 'node:url';

/** Characters of the digest: 128 bits, as in a UUID. */
const DIGEST_CHARACTERS = 32;

/**
 * A Message-ID with angle brackets (RFC 5322, section 3.6.4). The right side is the sender's domain: it is
 * the one that owns the name, and spam filters distrust others.
 *
 * @param identityKey the same gives the same Message-ID; absent: a new one
 */
export function createMessageId(fromAddress: string, identityKey?: string): string {
	const domain = fromAddress.slice(fromAddress.lastIndexOf('@') + 1);
	const name = identityKey === undefined ? randomUUID() : toDigest(identityKey);
	// Address literals, `[192.0.2.1]`, are no domain names and stay as they are.
	return `<${name}@${domainToASCII(domain) || domain}>`;
}

/** Says nothing of the key: Message-IDs are read by strangers. */
function toDigest(key: string): string {
	return createHash('sha256').update(key).digest('hex').slice(0, DIGEST_CHARACTERS);
}
