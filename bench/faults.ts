import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isFinished, toPassages } from '../chaos/evidence';
import { readExecutions } from '../chaos/execution-rows';
import { forgetUids } from '../chaos/mail-server';
import { toPoison } from '../chaos/poison';
import { RecordFile } from '../chaos/record-file';
import { toRecordedWorkflow } from '../chaos/workflow';
import { type FaultProxy, startFaultProxy } from '../test/support/fault-proxy';
import type { Stage } from './stage';
import { round } from './statistics';
import { type Side, toTrigger } from './workflow';

export interface FaultResult {
	readonly fault: FaultName;
	readonly side: Side;
	readonly mails: number;
	/** No execution finished with the mail within the time of the measurement. */
	readonly lost: number;
	/** Two or more executions finished with it. */
	readonly givenTwice: number;
	/** From the end of the fault, or from the fault where it has none, to the next mail in the workflow. */
	readonly mailAfterS: number | null;
}

const faultNames = [
	'killedWhileBusy',
	'uidValidity',
	'outage90s',
	'blackhole',
	'deepHtml',
] as const;
type FaultName = (typeof faultNames)[number];

/** One mail per this time, as in the measurements of n8n's own trigger. */
const EVERY_MS = 150;
const SLOW_WORK_MS = 2_000;
const OUTAGE_MS = 90_000;
/** n8n's own trigger does not listen in the 15 s after a fetch. */
const AFTER_FETCH_MS = 5_000;
/** Nothing new for so long: the rest counts as lost. */
const QUIET_MS = 90_000;
const LOOK_AGAIN_MS = 250;

export const FAULT_MAILBOXES = (['ours', 'builtIn'] as const).flatMap((side) =>
	faultNames.map((fault) => toUser(side, fault)),
);

/** The faults that n8n's own trigger was measured in: those of the network and of a mail at once, then the others. */
export async function measureFaults(
	stage: Stage,
	sides: readonly Side[],
	say: (line: string) => void,
): Promise<FaultResult[]> {
	const results: FaultResult[] = [];
	for (const side of sides) {
		const measure = async (fault: FaultName): Promise<FaultResult> => {
			const result = await faults[fault](await Case.open(stage, side, fault));
			say(`${fault}, ${side}: lost ${result.lost} of ${result.mails}, twice ${result.givenTwice}`);
			return result;
		};
		const harmless = ['outage90s', 'blackhole', 'deepHtml'] as const;
		results.push(...(await Promise.all(harmless.map(measure))));
		results.push(await measure('uidValidity'), await measure('killedWhileBusy'));
	}
	return results;
}

const faults: Record<FaultName, (one: Case) => Promise<FaultResult>> = {
	async killedWhileBusy(one) {
		const kills = [1_500, 9_000, 16_000];
		const killing = (async () => {
			const start = Date.now();
			for (const atMs of kills) {
				await pause(Math.max(0, start + atMs - Date.now()));
				await one.waitUntilBusy();
				await one.kill();
			}
		})();
		await one.stream(200);
		await killing;
		return await one.finish(Date.now());
	},

	async uidValidity(one) {
		await one.stream(100);
		await one.waitForRecords(100);
		const { dovecot } = one.stage;
		await dovecot.restart(async () => await forgetUids(dovecot.maildir(one.user)));
		const rebuiltAt = Date.now();
		await one.stream(100);
		return await one.finish(rebuiltAt);
	},

	async outage90s(one) {
		await one.stream(50);
		await one.proxy.refuse();
		await Promise.all([one.stream(100), pause(OUTAGE_MS)]);
		await one.proxy.heal();
		const healedAt = Date.now();
		await one.stream(50);
		return await one.finish(healedAt);
	},

	async blackhole(one) {
		await one.stream(20);
		await one.waitForRecords(20);
		await pause(AFTER_FETCH_MS);
		one.proxy.blackhole();
		const lostAt = Date.now();
		await one.stream(180);
		return await one.finish(lostAt);
	},

	async deepHtml(one) {
		await one.stream(5);
		await one.deliver((id) => toPoison('deepHtml', id));
		const sentAt = Date.now();
		await one.stream(10);
		return await one.finish(sentAt);
	},
};

/** A mailbox, a proxy and an active workflow for one measurement. */
class Case {
	readonly #ids: string[] = [];

	private constructor(
		readonly stage: Stage,
		readonly side: Side,
		readonly fault: FaultName,
		readonly user: string,
		readonly proxy: FaultProxy,
		private readonly records: RecordFile,
		private readonly workflowId: string,
	) {}

	static async open(stage: Stage, side: Side, fault: FaultName): Promise<Case> {
		const user = toUser(side, fault);
		const proxy = await startFaultProxy({ host: stage.dovecot.host, port: stage.dovecot.imapPort });
		const records = new RecordFile(path.join(stage.folder, `${user}.jsonl`));
		const credentials = await stage.addMailbox(user, proxy);
		const trigger = toTrigger(side, credentials[side], { startWith: 'all' });
		const workMs = fault === 'killedWhileBusy' ? SLOW_WORK_MS : 0;
		const workflow = await stage.n8n.createWorkflow(
			toRecordedWorkflow(trigger, records.path, workMs),
		);
		await stage.n8n.activate(workflow);
		return new Case(stage, side, fault, user, proxy, records, workflow.id);
	}

	async stream(count: number): Promise<void> {
		for (let index = 0; index < count; index++) {
			await this.deliver((id) => `Subject: ${id}\r\nMessage-ID: <${id}@bench.test>\r\n\r\nx\r\n`);
			await pause(EVERY_MS);
		}
	}

	async deliver(toMail: (id: string) => string | Buffer): Promise<void> {
		// The form that the recorder looks for.
		const id = `chaos-0-${this.#ids.length + 1}`;
		await this.stage.dovecot.deliver(this.user, toMail(id));
		this.#ids.push(id);
	}

	async waitForRecords(count: number): Promise<void> {
		await this.#waitUntil(() => this.#seen().size >= count);
	}

	/** Some execution has begun and not ended. */
	async waitUntilBusy(): Promise<void> {
		await this.#waitUntil(() => {
			const lines = this.records.read();
			const ended = new Set(
				lines.flatMap(({ phase, executionId }) => (phase === 'end' ? [executionId] : [])),
			);
			const isRecent = (t: number): boolean => Date.now() - t < SLOW_WORK_MS;
			return lines.some(({ executionId, t }) => !ended.has(executionId) && isRecent(t));
		});
	}

	async kill(): Promise<void> {
		const { instance } = this.stage;
		await instance.kill();
		// n8n waits ten seconds when it finds this after a crash.
		await rm(path.join(instance.userFolder, '.n8n', 'crash.journal'), { force: true });
		await instance.restart();
	}

	async finish(since: number): Promise<FaultResult> {
		const judge = async () => {
			const { installation, instance } = this.stage;
			const executions = await readExecutions(installation, instance.userFolder, this.workflowId);
			const passages = toPassages({ records: this.records.read(), executions, kills: [] });
			const finished = (id: string): number => (passages.get(id) ?? []).filter(isFinished).length;
			return {
				mails: this.#ids.length,
				lost: this.#ids.filter((id) => finished(id) === 0).length,
				givenTwice: this.#ids.filter((id) => finished(id) > 1).length,
			};
		};
		await this.#waitUntil(async () => (await judge()).lost === 0);
		const next = this.records.read().find(({ t }) => t >= since)?.t;
		const counts = await judge();
		await this.stage.n8n.deactivate(this.workflowId);
		await this.proxy.close();
		return {
			fault: this.fault,
			side: this.side,
			...counts,
			mailAfterS: next === undefined ? null : round((next - since) / 1000, 1),
		};
	}

	#seen(): Set<string | null> {
		return new Set(this.records.read().map(({ id }) => id));
	}

	/** Gives up when nothing new is recorded for a while. */
	async #waitUntil(holds: () => boolean | Promise<boolean>): Promise<void> {
		let count = -1;
		let since = Date.now();
		while (!(await holds())) {
			const seen = this.records.read().length;
			if (seen !== count) {
				count = seen;
				since = Date.now();
			}
			if (Date.now() - since > QUIET_MS) return;
			await pause(LOOK_AGAIN_MS);
		}
	}
}

function toUser(side: Side, fault: FaultName): string {
	return `${fault}-${side}@bench.test`.toLowerCase();
}
