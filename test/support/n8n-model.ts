import type {
	Delivery,
	DeliveryEnd,
	ExecutionRecords,
	ExecutionState,
	IncomingMessage,
} from '../../mail/inbox/delivery';
import type { Life } from './life';

interface Execution {
	state: ExecutionState;
	readonly messages: readonly IncomingMessage[];
}

/** How long n8n takes to store an execution, and the workflow to run, in ms. */
const STORING_MS = 15;
const RUNNING_MS = 100;

/** n8n as it behaves around a trigger: rows in a database, a runner, and a report to the process that asked. */
export class N8nModel implements ExecutionRecords {
	readonly #rows = new Map<string, Execution>();
	/** Names of mails, once per execution that finished with them. */
	readonly finished: string[] = [];
	/** The same, once per execution that was stored. */
	readonly stored: string[] = [];
	/** Executions run in another process than the trigger: its death does not end them. */
	hasWorkers = false;
	/** Whether the host can be asked about executions. */
	hasRecords = true;
	toEnd: (messages: readonly IncomingMessage[]) => DeliveryEnd = () => ({ kind: 'succeeded' });

	deliver(messages: readonly IncomingMessage[], key: string, life: Life): Delivery {
		if (life.isOver) return { end: new Promise(() => undefined) };
		let tellStored: () => void = () => undefined;
		const stored = new Promise<void>((resolve) => (tellStored = resolve));
		return { stored, end: this.#start(messages, key, life, tellStored) };
	}

	async find(key: string): Promise<ExecutionState> {
		return this.hasRecords ? (this.#rows.get(key)?.state ?? 'absent') : 'unknown';
	}

	/** The process that runs n8n ends, and with it what it ran itself. */
	die(): void {
		if (this.hasWorkers) return;
		for (const row of this.#rows.values()) if (row.state === 'underWay') row.state = 'interrupted';
	}

	async #start(
		messages: readonly IncomingMessage[],
		key: string,
		life: Life,
		tellStored: () => void,
	): Promise<DeliveryEnd> {
		await pass(STORING_MS);
		const row: Execution = { state: 'underWay', messages };
		let run: Promise<DeliveryEnd> | undefined;
		await life.step(async () => {
			this.#rows.set(key, row);
			this.stored.push(...namesOf(messages));
			// A worker needs nobody any more.
			if (this.hasWorkers) run = this.#run(row, messages, life);
		});
		tellStored();
		const end = run ?? this.#run(row, messages, life);
		return await life.ask(() => end);
	}

	async #run(
		row: Execution,
		messages: readonly IncomingMessage[],
		life: Life,
	): Promise<DeliveryEnd> {
		await pass(RUNNING_MS);
		const end = async (): Promise<DeliveryEnd> => {
			const outcome = this.toEnd(messages);
			row.state = outcome.kind === 'succeeded' ? 'finished' : 'failed';
			if (outcome.kind === 'succeeded') {
				this.finished.push(...namesOf(messages));
			}
			return outcome;
		};
		return this.hasWorkers ? await end() : await life.step(end);
	}
}

function namesOf(messages: readonly IncomingMessage[]): string[] {
	return messages.map(({ head, uid }) => head?.subject ?? `${uid}`);
}

async function pass(ms: number): Promise<void> {
	await new Promise((resolve) => setTimeout(resolve, ms));
}
