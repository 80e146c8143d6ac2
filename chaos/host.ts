import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultProxy } from '../test/support/fault-proxy';
import type { N8nInstance } from '../tools/n8n/instance';
import type { RunLog } from './run-log';

/**
 * A kill during the activation of a trigger leaves n8n 2 with a claim on that activation, and the workflow without its
 * trigger until the claim is too old (by default 120 s, then looked for every 15 s). No trigger can change that.
 */
export const claimSettings = { N8N_WORKFLOW_PUBLICATION_OUTBOX_LEASE_SECONDS: '20' };

/** The trigger counts as called after this even if its connections do not come through. */
const ACTIVATION_MS = 45_000;
const LOOK_AGAIN_MS = 50;

/** The n8n of a run: killed, restarted, and started again when it ends by itself. */
export class Host {
	#starts = 0;
	#isLeft = false;
	#work: Promise<void> = Promise.resolve();

	constructor(
		private readonly instance: N8nInstance,
		private readonly log: RunLog,
		private readonly proxy: FaultProxy,
	) {
		this.#guard();
	}

	/** kill -9, then `downMs` later a start. Resolves when n8n answers again. */
	async kill(downMs: number, detail: Readonly<Record<string, unknown>>): Promise<void> {
		await this.#inTurn(async () => {
			this.#isLeft = true;
			const end = this.log.beginOutage('kill', detail);
			await this.instance.kill();
			await pause(downMs);
			await this.#start(end);
		});
	}

	/** As for an update of n8n. */
	async restart(): Promise<void> {
		await this.#inTurn(async () => {
			this.#isLeft = true;
			const end = this.log.beginOutage('orderly restart');
			await this.instance.stop();
			await this.#start(end);
		});
	}

	/** Nobody starts it again when it ends. */
	async leave(): Promise<void> {
		await this.#work;
		this.#isLeft = true;
	}

	/** Resolves when n8n answers; the outage ends when it has also called the trigger. */
	async #start(endOutage: () => void): Promise<void> {
		const start = ++this.#starts;
		const acceptedBefore = this.proxy.accepted;
		const pidBefore = this.instance.pid;
		// n8n waits ten seconds when it finds this after a crash; without it, more kills fit into a run.
		await rm(path.join(this.instance.userFolder, '.n8n', 'crash.journal'), { force: true });
		await this.instance.restart();
		this.#isLeft = false;
		this.#guard();
		const deadline = Date.now() + ACTIVATION_MS;
		// In queue mode a kill may hit a worker alone: the main keeps its triggers.
		const isCalled = (): boolean =>
			this.instance.pid === pidBefore ||
			this.proxy.accepted > acceptedBefore ||
			Date.now() > deadline;
		void (async () => {
			while (!isCalled() && start === this.#starts && !this.#isLeft) await pause(LOOK_AGAIN_MS);
			endOutage();
		})();
	}

	#guard(): void {
		const { pid } = this.instance;
		void this.instance.ended.then(() => {
			if (this.#isLeft || this.instance.pid !== pid) return;
			const end = this.log.beginOutage('died');
			void this.#inTurn(async () => {
				await this.#start(end);
			}).catch(() => undefined);
		});
	}

	async #inTurn(work: () => Promise<void>): Promise<void> {
		const turn = this.#work.then(work);
		this.#work = turn.catch(() => undefined);
		await turn;
	}
}
