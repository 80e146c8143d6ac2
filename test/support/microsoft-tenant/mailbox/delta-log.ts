import type { Message } from './message';

export type Change =
	| { readonly kind: 'created' | 'updated'; readonly message: Message }
	/** Deleted, or moved away: for a folder both are the same. The id is the one that it had here. */
	| {
			readonly kind: 'removed';
			readonly message: Message;
			readonly plainId: string;
			readonly immutableId: string;
	  }
	/** Only `isRead` changed: told as a fragment, and told whatever change type was asked for. */
	| { readonly kind: 'read'; readonly message: Message };

/** What happened in one folder, in order. */
export class DeltaLog {
	private readonly changes: Change[] = [];

	/** The present end: a token that says "all until now has been told". */
	get position(): number {
		return this.changes.length;
	}

	add(change: Change): void {
		this.changes.push(change);
	}

	/** The last state of each message that changed since; a later creation or full update swallows fragments. */
	since(position: number): Change[] {
		const last = new Map<Message, Change>();
		for (const change of this.changes.slice(position)) {
			const before = last.get(change.message);
			last.delete(change.message);
			last.set(change.message, merge(before, change));
		}
		return [...last.values()];
	}
}

function merge(before: Change | undefined, change: Change): Change {
	if (before === undefined || change.kind === 'removed' || before.kind === 'removed') return change;
	if (before.kind === 'created') return before;
	return change.kind === 'read' ? before : change;
}
