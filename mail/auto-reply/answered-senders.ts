import { createHash } from 'node:crypto';
import { toComparableAddress } from '../address';

/** Senders that are remembered; a flood of senders pushes out the oldest, which then get one answer more. */
const SENDERS = 5_000;

/** Plain JSON: a digest of each sender, so that no address lies in a file, and when it was answered, ms since 1970. */
export type AnsweredSendersRecord = ReadonlyArray<readonly [digest: string, answeredAt: number]>;

/** Who was answered when: one answer per sender and period (RFC 3834, section 2). Oldest first. */
export class AnsweredSenders {
	readonly #times: Map<string, number>;

	constructor(
		record: AnsweredSendersRecord,
		private readonly periodMs: number,
	) {
		this.#times = new Map(record.slice(-SENDERS));
	}

	/** Whether the sender has had its answer for now. */
	has(address: string, now: number): boolean {
		const answeredAt = this.#times.get(toDigest(address));
		// A clock that was set back must not silence anybody for years.
		return answeredAt !== undefined && Math.abs(now - answeredAt) < this.periodMs;
	}

	note(address: string, now: number): void {
		const digest = toDigest(address);
		this.#times.delete(digest);
		this.#times.set(digest, now);
		for (const [other, answeredAt] of this.#times) {
			const isPast = Math.abs(now - answeredAt) >= this.periodMs;
			if (!isPast && this.#times.size <= SENDERS) break;
			this.#times.delete(other);
		}
	}

	toRecord(): AnsweredSendersRecord {
		return [...this.#times];
	}
}

function toDigest(address: string): string {
	const comparable = toComparableAddress(address);
	const key =
		comparable === undefined
			? address.trim().toLowerCase()
			: `${comparable.local}@${comparable.domain}`;
	return createHash('sha256').update(key).digest('base64url').slice(0, 16);
}
