import { createHash } from 'node:crypto';
import { toComparableAddress } from '../address';

/** Senders that are remembered; a flood of senders pushes out the oldest, which then get one answer more. */
const SENDERS = 5_000;

/** Plain JSON: a digest of each sender, so that no address lies in a file, and when it was answered, ms since 1970. */
export type AnsweredSendersRecord = ReadonlyArray<readonly [digest: string, answeredAt: number]>;

/** Who was answered when: one answer per sender, route and period (RFC 3834, section 2). Oldest first. */
export class AnsweredSenders {
	readonly #times: Map<string, number>;

	constructor(record: AnsweredSendersRecord) {
		this.#times = new Map(record.slice(-SENDERS));
	}

	/** Whether the sender has had an answer of the route within the period before `now`, both in ms. */
	has(address: string, route: string, periodMs: number, now: number): boolean {
		const answeredAt = this.#times.get(toDigest(address, route));
		// A clock that was set back must not silence anybody for years.
		return answeredAt !== undefined && Math.abs(now - answeredAt) < periodMs;
	}

	note(address: string, route: string, now: number): void {
		const digest = toDigest(address, route);
		this.#times.delete(digest);
		this.#times.set(digest, now);
		for (const oldest of this.#times.keys()) {
			if (this.#times.size <= SENDERS) break;
			this.#times.delete(oldest);
		}
	}

	/** The answer did not leave. */
	forget(address: string, route: string): void {
		this.#times.delete(toDigest(address, route));
	}

	toRecord(): AnsweredSendersRecord {
		return [...this.#times];
	}
}

function toDigest(address: string, route: string): string {
	const comparable = toComparableAddress(address);
	const key =
		comparable === undefined
			? address.trim().toLowerCase()
			: `${comparable.local}@${comparable.domain}`;
	return createHash('sha256')
		.update(JSON.stringify([key, route]))
		.digest('base64url')
		.slice(0, 16);
}
