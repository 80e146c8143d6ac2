import { randomBytes } from 'node:crypto';
import type { Change } from '../mailbox/delta-log';
import type { Folder } from '../mailbox/folder';

/** What a client asked for in the first call of a round; the tokens carry it. */
export interface DeltaQuery {
	readonly folder: Folder;
	readonly select: readonly string[] | undefined;
	readonly changeType: string | undefined;
	/** ms; only mail received at or after it. */
	readonly receivedFromMs: number | undefined;
}

/** Where a client stands: in the middle of a round (`left`), or at the end of one (`position`). */
export interface DeltaState {
	readonly query: DeltaQuery;
	/** Until where the log was when the round began. */
	readonly position: number;
	/** Changes of this round that were not told yet; undefined: the round is over. */
	readonly left: readonly Change[] | undefined;
	/** Empty pages that still come first. */
	readonly emptyPages: number;
}

/** Tokens are opaque; each can be used again, as a client may lose the answer. */
export class DeltaTokens {
	/** How the next use of an expired token is answered. */
	expiredAnswer: 'gone' | 'syncStateNotFound' | 'resyncRequired' = 'gone';
	/** Pages without a single item that come before those with items. Graph does it for filtered rounds. */
	emptyPages = 0;
	/** True: the last item of a page comes again on the next one. */
	repeatsItems = false;
	private readonly states = new Map<string, DeltaState>();
	private readonly expired = new Set<string>();

	give(state: DeltaState): string {
		const token = randomBytes(48).toString('base64url');
		this.states.set(token, state);
		return token;
	}

	find(token: string): DeltaState | 'expired' | undefined {
		return this.expired.has(token) ? 'expired' : this.states.get(token);
	}

	/** All tokens of now are forgotten, as when Exchange's cache was full. */
	expireAll(answer: DeltaTokens['expiredAnswer'] = 'gone'): void {
		this.expiredAnswer = answer;
		for (const token of this.states.keys()) this.expired.add(token);
	}
}
