import { createHash } from 'node:crypto';
import type { MessageHead } from '../message';

/**
 * Recognises a mail after its UID has changed: what a server keeps when it rebuilds a mailbox. The Message-ID alone
 * is not enough, since senders leave it out or repeat it.
 */
export function toDigest(head: MessageHead): string {
	const addresses = [head.from, head.to, head.cc].map((list) =>
		list.map(({ address }) => address.toLowerCase()),
	);
	const parts = head.attachments.map(({ fileName, encodedSizeBytes }) => [
		fileName,
		encodedSizeBytes,
	]);
	return createHash('sha256')
		.update(
			JSON.stringify([
				head.messageId,
				head.sentAt?.getTime() ?? null,
				head.subject,
				addresses,
				parts,
				// Where there is no Message-ID, the times of two otherwise equal mails tell them apart.
				head.messageId === '' ? head.receivedAt.getTime() : null,
			]),
		)
		.digest('base64url')
		.slice(0, 16);
}

/** How often each digest occurs: two copies of one mail are two mails. */
export class DigestCount {
	readonly #counts = new Map<string, number>();

	constructor(digests: Iterable<string>) {
		for (const digest of digests) this.#counts.set(digest, (this.#counts.get(digest) ?? 0) + 1);
	}

	/** Takes one occurrence away; false where there was none. */
	take(digest: string): boolean {
		const count = this.#counts.get(digest) ?? 0;
		if (count === 0) return false;
		this.#counts.set(digest, count - 1);
		return true;
	}
}
