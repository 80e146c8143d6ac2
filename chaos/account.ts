import { type Evidence, isFinished, type Passage, toPassages } from './evidence';
import { findLongestSilence, type Silence } from './silence';

/**
 * A kill explains a repetition only if it came this long after the last node of the first execution, at most: n8n
 * stores the end of an execution, reports it, and the trigger makes its acknowledgement durable, in milliseconds; a
 * second leaves room for a machine under load.
 */
const ACKNOWLEDGEMENT_MS = 1_000;

/** Kills that may fall into that window. */
const KILLS_PER_EXPLANATION = 20;

export interface Account {
	readonly sent: number;
	/** No execution finished with the mail. */
	readonly lost: readonly string[];
	/** Two executions finished with the mail. */
	readonly givenTwice: readonly string[];
	readonly explained: readonly string[];
	readonly unexplained: readonly string[];
	/** The last node ran twice with the mail, whatever n8n says of the executions. */
	readonly reachedEndTwice: readonly string[];
	/** First seen by the workflow before a mail that the server had taken earlier, under the same UIDVALIDITY. */
	readonly outOfOrder: readonly string[];
	readonly silence: Silence;
	/** Items that nobody can tell the mail of. */
	readonly unknownItems: number;
	/** Executions that n8n began again by itself after a kill. */
	readonly rerun: number;
	readonly executions: number;
	readonly passages: ReadonlyMap<string, readonly Passage[]>;
}

export function toAccount(evidence: Evidence): Account {
	const passages = toPassages(evidence);
	const of = (id: string): readonly Passage[] => passages.get(id) ?? [];
	const ids = evidence.delivered.map(({ id }) => id);
	const givenTwice = ids.filter((id) => of(id).filter(isFinished).length > 1);
	const explained = findExplained(givenTwice, of, evidence.kills);
	return {
		sent: ids.length,
		lost: ids.filter((id) => !of(id).some(isFinished)),
		givenTwice,
		explained,
		unexplained: givenTwice.filter((id) => !explained.includes(id)),
		reachedEndTwice: ids.filter(
			(id) => of(id).filter(({ endedAt }) => endedAt !== undefined).length > 1,
		),
		outOfOrder: findOutOfOrder(evidence, of),
		silence: findLongestSilence(evidence, passages),
		unknownItems: evidence.records.filter(({ id, phase }) => id === null && phase === 'start')
			.length,
		rerun: new Set(
			[...passages.values()].flat().flatMap((each) => (each.isRerun ? [each.executionId] : [])),
		).size,
		executions: evidence.executions.length,
		passages,
	};
}

/**
 * Those whose every repetition follows a kill inside the window; of all such kills, only the first one in twenty is
 * taken for bad luck.
 */
function findExplained(
	givenTwice: readonly string[],
	of: (id: string) => readonly Passage[],
	kills: readonly number[],
): string[] {
	const allowed = Math.ceil(kills.length / KILLS_PER_EXPLANATION);
	const blamed = givenTwice.map((id) => ({ id, kills: findKillsToBlame(of(id), kills) }));
	const taken = [...new Set(blamed.flatMap((each) => each.kills ?? []))]
		.sort((a, b) => a - b)
		.slice(0, allowed);
	return blamed
		.filter((each) => each.kills?.every((at) => taken.includes(at)) ?? false)
		.map(({ id }) => id);
}

/** Undefined: at least one repetition has no kill to blame. */
function findKillsToBlame(
	passages: readonly Passage[],
	kills: readonly number[],
): number[] | undefined {
	const finished = passages.filter(isFinished);
	const found: number[] = [];
	for (const [index, next] of finished.entries()) {
		const endedAt = finished[index - 1]?.endedAt;
		if (index === 0) continue;
		const kill = kills.find(
			(at) =>
				endedAt !== undefined &&
				at >= endedAt &&
				at - endedAt <= ACKNOWLEDGEMENT_MS &&
				next.startedAt > at,
		);
		if (kill === undefined) return undefined;
		found.push(kill);
	}
	return found;
}

function findOutOfOrder(evidence: Evidence, of: (id: string) => readonly Passage[]): string[] {
	const toEpoch = (t: number): number => evidence.rebuilds.filter((at) => at <= t).length;
	const latest = new Map<number, number>();
	const found: string[] = [];
	for (const { id, at } of evidence.delivered) {
		const [first] = of(id);
		const epoch = toEpoch(at);
		if (first === undefined || toEpoch(first.startedAt) !== epoch) continue;
		if (first.startedAt < (latest.get(epoch) ?? 0)) found.push(id);
		latest.set(epoch, Math.max(latest.get(epoch) ?? 0, first.startedAt));
	}
	return found;
}
