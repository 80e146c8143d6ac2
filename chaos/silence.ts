import { type Evidence, isFinished, type Passage } from './evidence';

export interface Silence {
	readonly ms: number;
	/** When it began, ms since 1970. */
	readonly from: number;
}

interface Change {
	readonly t: number;
	readonly outages?: 1 | -1;
	readonly waiting?: 1 | -1;
}

/**
 * The longest time during which n8n, server and network were well and mail that can be read waited, but no execution with mail began.
 * A mail waits until an execution begins with it, and again from the kill that ended an execution of it.
 */
export function findLongestSilence(
	evidence: Pick<Evidence, 'delivered' | 'kills' | 'outages' | 'endedAt'>,
	passages: ReadonlyMap<string, readonly Passage[]>,
): Silence {
	const changes: Change[] = [];
	for (const { from, to } of evidence.outages) {
		changes.push({ t: from, outages: 1 }, { t: to, outages: -1 });
	}
	for (const { id, at } of evidence.delivered.filter(({ isPoison }) => !isPoison)) {
		for (const { from, to } of findWaits(at, passages.get(id) ?? [], evidence)) {
			changes.push({ t: from, waiting: 1 }, { t: to, waiting: -1 });
		}
	}
	for (const each of passages.values()) {
		for (const { startedAt } of each) changes.push({ t: startedAt });
	}
	changes.sort((a, b) => a.t - b.t);

	let longest: Silence = { ms: 0, from: evidence.endedAt };
	let outages = 0;
	let waiting = 0;
	let since: number | undefined;
	for (const change of changes) {
		const t = Math.min(change.t, evidence.endedAt);
		if (since !== undefined && t - since > longest.ms) longest = { ms: t - since, from: since };
		outages += change.outages ?? 0;
		waiting += change.waiting ?? 0;
		const isBeginning = change.outages === undefined && change.waiting === undefined;
		if (outages > 0 || waiting === 0) since = undefined;
		else if (isBeginning || since === undefined) since = t;
	}
	return longest;
}

function findWaits(
	deliveredAt: number,
	passages: readonly Passage[],
	{ kills, endedAt }: Pick<Evidence, 'kills' | 'endedAt'>,
): Array<{ from: number; to: number }> {
	const waits = [{ from: deliveredAt, to: passages[0]?.startedAt ?? endedAt }];
	for (const [index, passage] of passages.entries()) {
		if (isFinished(passage)) break;
		const from = kills.find((at) => at >= passage.startedAt);
		if (from !== undefined) waits.push({ from, to: passages[index + 1]?.startedAt ?? endedAt });
	}
	return waits.filter(({ from, to }) => to > from);
}
