/** What a run leaves behind to be judged. All times in ms since 1970, of one clock. */
export interface Evidence {
	/** What the server has taken, in the order of its answers. */
	readonly delivered: readonly Delivered[];
	readonly records: readonly RecordLine[];
	readonly executions: readonly Execution[];
	/** When each kill -9 was sent. */
	readonly kills: readonly number[];
	/** When the mailbox got another UIDVALIDITY. */
	readonly rebuilds: readonly number[];
	/** When n8n, server or network were not well. */
	readonly outages: readonly Outage[];
	readonly startedAt: number;
	readonly endedAt: number;
}

/** A row of n8n's database. */
export interface Execution {
	readonly id: string;
	readonly status: string;
	readonly createdAt: number;
}

export interface Delivered {
	readonly id: string;
	readonly at: number;
	/** Such mail may be tried again after a pause; nothing is said of how soon it comes. */
	readonly isPoison: boolean;
}

/** An item at the first or at the last node of the workflow. */
export interface RecordLine {
	readonly t: number;
	readonly phase: 'start' | 'end';
	/** Null: nothing in the item says which mail it was. */
	readonly id: string | null;
	readonly executionId: string;
	readonly deliveryId: string;
	readonly attempt: number;
}

export interface Outage {
	readonly what: string;
	readonly from: number;
	readonly to: number;
}

/** One mail in one execution. */
export interface Passage {
	readonly executionId: string;
	readonly deliveryId: string;
	readonly attempt: number;
	readonly startedAt: number;
	/** When the last node ran with it. */
	readonly endedAt?: number;
	readonly status: string;
	/**
	 * n8n had stored the execution but not begun it when it was killed, and began it by itself after the next start: the
	 * trigger cannot know of it.
	 */
	readonly isRerun: boolean;
}

/** Every execution that each mail was in, by the mail's id, oldest first. */
export function toPassages(
	evidence: Pick<Evidence, 'records' | 'executions' | 'kills'>,
): Map<string, Passage[]> {
	const rows = new Map(evidence.executions.map((row) => [row.id, row]));
	const open = new Map<string, Passage>();
	for (const line of evidence.records) {
		if (line.id === null) continue;
		const { executionId, deliveryId, attempt, t } = line;
		const key = `${line.id} ${executionId} ${deliveryId}`;
		const row = rows.get(executionId);
		const passage = open.get(key) ?? {
			executionId,
			deliveryId,
			attempt,
			startedAt: t,
			status: row?.status ?? 'unknown',
			isRerun: row !== undefined && evidence.kills.some((at) => row.createdAt < at && at < t),
		};
		open.set(key, line.phase === 'end' ? { ...passage, endedAt: t } : passage);
	}
	const passages = new Map<string, Passage[]>();
	for (const [key, passage] of open) {
		const id = key.split(' ')[0] ?? '';
		passages.set(id, [...(passages.get(id) ?? []), passage]);
	}
	for (const each of passages.values()) each.sort((a, b) => a.startedAt - b.startedAt);
	return passages;
}

/** Whether the workflow is done with the mail: it succeeded, or failed by itself. A crash is neither. */
export function isFinished({ status, endedAt }: Passage): boolean {
	return status === 'success' || (status === 'error' && endedAt !== undefined);
}
