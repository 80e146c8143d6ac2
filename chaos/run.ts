import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Say } from '../tools/n8n/progress';
import { type Account, toAccount } from './account';
import { waitForAim } from './aim';
import type { Evidence } from './evidence';
import { Host } from './host';
import { MailServer } from './mail-server';
import { disturb } from './network';
import { type Plan, type Timed, toPlan } from './plan';
import { RunLog } from './run-log';
import { openStage, type Stage } from './stage';

export interface RunOptions {
	readonly seconds: number;
	readonly seed: number;
	readonly n8nVersion: string;
	/** n8n in queue mode: main, two workers, Redis, PostgreSQL. */
	readonly queue?: boolean;
	/** The folder with all logs stays. */
	readonly keep?: boolean;
	readonly tarball?: string;
	/** Ends everything that was started, and rejects. */
	readonly signal?: AbortSignal;
}

export interface RunResult {
	readonly account: Account;
	readonly log: RunLog;
}

/** After the faults: how long mail may take to arrive, at most. */
export const HEALING_SECONDS = 240;
/** Nothing more is expected when nothing new was recorded for so long. */
const STANDSTILL_MS = 120_000;
const LOOK_AGAIN_MS = 1_000;
/** After the last restart, a repetition would come at once. */
const REPETITION_MS = 8_000;

/** Runs the plan of a seed on a real n8n and Dovecot, waits for quiet, and judges. */
export async function runChaos(options: RunOptions, say: Say): Promise<RunResult> {
	const plan = toPlan(options.seed, options.seconds);
	const stage = await openStage({ ...options, ...plan }, say);
	try {
		return await Promise.race([
			perform(plan, stage, options.seconds, say),
			rejectWhenAborted(options.signal),
		]);
	} finally {
		await stage.close();
	}
}

async function rejectWhenAborted(signal: AbortSignal | undefined): Promise<never> {
	return await new Promise((_resolve, reject) => {
		const fail = (): void => reject(new Error(`The run was ended: ${String(signal?.reason)}`));
		if (signal?.aborted === true) fail();
		signal?.addEventListener('abort', fail, { once: true });
	});
}

async function perform(plan: Plan, stage: Stage, seconds: number, say: Say): Promise<RunResult> {
	const log = new RunLog(path.join(stage.folder, 'run.jsonl'));
	const host = new Host(stage.instance, log, stage.proxy);
	const server = new MailServer(stage.dovecot, log);
	const startedAt = log.note('begin');
	const deadline = startedAt + (seconds + HEALING_SECONDS) * 1000;
	const over = AbortSignal.timeout(seconds * 1000);
	const follow = createFollower(startedAt, over);

	const judge = async (): Promise<Account> => {
		const executions = await stage.readExecutions();
		const endedAt = Date.now();
		const evidence: Evidence = {
			delivered: server.delivered,
			records: stage.records.read(),
			executions,
			kills: log.times('kill'),
			rebuilds: log.times('rebuild'),
			outages: log.outages(endedAt),
			startedAt,
			endedAt,
		};
		return toAccount(evidence);
	};

	try {
		say(`Faults for ${seconds} s …`);
		await Promise.all([
			follow(plan.mails, async ({ batch }) => {
				for (const mail of batch) await server.deliver(mail);
			}),
			follow(plan.network, (fault) => disturb(stage.proxy, fault, log, over)),
			follow(plan.server, (fault) => server.suffer(fault)),
			killAgainAndAgain(plan.kills, stage, host, over),
		]);
		await stage.proxy.heal();
		log.note('healed');
		say(`Waiting for quiet; ${server.delivered.length} mails were sent …`);
		await waitForQuiet(judge, deadline);
		if (Date.now() < deadline) {
			await host.restart();
			await pause(REPETITION_MS);
		}
		return { account: await judge(), log };
	} finally {
		await host.leave();
	}
}

async function killAgainAndAgain(
	kills: Plan['kills'],
	{ proxy, records }: Stage,
	host: Host,
	over: AbortSignal,
): Promise<void> {
	for (const { upMs, aim, afterMs, downMs } of kills) {
		await pause(upMs, undefined, { signal: over }).catch(() => undefined);
		const found = await waitForAim(aim, proxy, records, over);
		if (over.aborted) return;
		await pause(afterMs);
		await host.kill(downMs, { aim, found, afterMs, downMs });
	}
}

/** Acts on each event at its time; what is still to come when the time is over is left out. */
function createFollower(startedAt: number, over: AbortSignal) {
	return async <T>(
		events: ReadonlyArray<Timed<T>>,
		act: (event: T) => Promise<void>,
	): Promise<void> => {
		for (const event of events) {
			const waitMs = Math.max(0, startedAt + event.atMs - Date.now());
			await pause(waitMs, undefined, { signal: over }).catch(() => undefined);
			if (over.aborted) return;
			await act(event);
		}
	};
}

/** Resolves when every mail is finished, when nothing moves any more, or at the deadline. */
async function waitForQuiet(judge: () => Promise<Account>, deadline: number): Promise<void> {
	let seen = '';
	let since = Date.now();
	while (Date.now() < deadline) {
		const account = await judge();
		const progress = `${account.lost.length} ${account.executions}`;
		if (account.lost.length === 0) return;
		if (progress !== seen) {
			seen = progress;
			since = Date.now();
		}
		if (Date.now() - since > STANDSTILL_MS) return;
		await pause(LOOK_AGAIN_MS);
	}
}
