import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { N8nInstance } from '../tools/n8n/instance';
import type { RunLog } from './run-log';

/** The n8n of a run: killed, restarted, and started again when it ends by itself. */
export class Host {
	#isLeft = false;
	#work: Promise<void> = Promise.resolve();

	constructor(
		private readonly instance: N8nInstance,
		private readonly log: RunLog,
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
			await this.#start();
			end();
		});
	}

	/** As for an update of n8n. */
	async restart(): Promise<void> {
		await this.#inTurn(async () => {
			this.#isLeft = true;
			const end = this.log.beginOutage('orderly restart');
			await this.instance.stop();
			await this.#start();
			end();
		});
	}

	/** Nobody starts it again when it ends. */
	async leave(): Promise<void> {
		await this.#work;
		this.#isLeft = true;
	}

	async #start(): Promise<void> {
		// n8n waits ten seconds when it finds this after a crash; without it, more kills fit into a run.
		await rm(path.join(this.instance.userFolder, '.n8n', 'crash.journal'), { force: true });
		await this.instance.restart();
		this.#isLeft = false;
		this.#guard();
	}

	#guard(): void {
		const { pid } = this.instance;
		void this.instance.ended.then(() => {
			if (this.#isLeft || this.instance.pid !== pid) return;
			const end = this.log.beginOutage('died');
			void this.#inTurn(async () => {
				await this.#start();
				end();
			}).catch(() => undefined);
		});
	}

	async #inTurn(work: () => Promise<void>): Promise<void> {
		const turn = this.#work.then(work);
		this.#work = turn.catch(() => undefined);
		await turn;
	}
}
