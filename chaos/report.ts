import type { RunOptions, RunResult } from './run';

/** Further than this around a passage, nothing explains it. */
const AROUND_MS = 3_000;

/** The result in numbers: what `npm run chaos` prints. */
export function toLine(
	{ account, log }: RunResult,
	{ seed, seconds, n8nVersion }: Pick<RunOptions, 'seed' | 'seconds' | 'n8nVersion'>,
) {
	const count = (what: string): number => log.times(what).length;
	return {
		sent: account.sent,
		lost: account.lost.length,
		givenTwice: account.givenTwice.length,
		explained: account.explained.length,
		unexplained: account.unexplained.length,
		reachedEndTwice: account.reachedEndTwice.length,
		outOfOrder: account.outOfOrder.length,
		longestSilenceS: Math.round(account.silence.ms / 100) / 10,
		kills: count('kill'),
		cuts: count('cut'),
		freezes: count('freeze'),
		blackholes: count('blackhole'),
		delays: count('delay'),
		refusals: count('refuse'),
		restarts: count('restart'),
		rebuilds: count('rebuild'),
		poison: log.notes.filter(({ detail }) => detail['poison'] === true).length,
		died: count('died'),
		unknownItems: account.unknownItems,
		rerunByN8n: account.rerun,
		executions: account.executions,
		seed,
		seconds,
		n8n: n8nVersion,
	};
}

export function hasPassed({ account, log }: RunResult): boolean {
	return (
		account.lost.length === 0 && account.unexplained.length === 0 && log.times('died').length === 0
	);
}

/** One paragraph for each mail that was lost or given twice, and for the longest silence. */
export function toHistories({ account, log }: RunResult): string[] {
	const begin = log.notes[0]?.t ?? 0;
	const at = (t: number): string => `${((t - begin) / 1000).toFixed(3)} s`;
	const faults = (from: number, to: number): string =>
		log
			.between(from, to)
			.filter(({ what }) => what !== 'delivered')
			.map(({ t, what, detail }) => `    ${at(t)} ${what} ${JSON.stringify(detail)}`)
			.join('\n');
	const tell = (title: string, id: string): string => {
		const delivery = log.notes.find(
			({ what, detail }) => what === 'delivered' && detail['id'] === id,
		);
		const lines = [
			`${title} ${id} (${String(delivery?.detail['form'])}), delivered at ${at(delivery?.t ?? 0)}`,
		];
		for (const passage of account.passages.get(id) ?? []) {
			const { startedAt, endedAt, executionId, attempt, deliveryId } = passage;
			const status = `${passage.status}${passage.isRerun ? ' (run again by n8n itself)' : ''}`;
			const end = endedAt === undefined ? 'never' : at(endedAt);
			lines.push(
				`  execution ${executionId} ${status}, attempt ${attempt}, ${deliveryId}: start ${at(startedAt)}, end ${end}`,
				faults(startedAt - AROUND_MS, (endedAt ?? startedAt) + AROUND_MS),
			);
		}
		return lines.filter((line) => line !== '').join('\n');
	};
	const { from, ms } = account.silence;
	return [
		...account.lost.map((id) => tell('Lost:', id)),
		...account.unexplained.map((id) => tell('Given twice, unexplained:', id)),
		...account.explained.map((id) => tell('Given twice, explained:', id)),
		`Longest silence: ${at(from)} to ${at(from + ms)}\n${faults(from - 10 * AROUND_MS, from + ms)}`,
	];
}
