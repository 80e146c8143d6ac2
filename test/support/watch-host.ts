import type { MailError } from '../../mail/errors';
import type { Checkpoint, CheckpointStore } from '../../mail/inbox/checkpoint';
import type { DeliveryEnd, ExecutionState, IncomingMessage } from '../../mail/inbox/delivery';
import { type Watch, watchMailbox, type WatchSettings } from '../../mail/inbox/watch';
import type { MemoryMailbox } from './memory-mailbox';

export const watchSettings: WatchSettings = {
	watchKey: 'workflow node',
	account: 'imap://support@example.com',
	folder: 'INBOX',
	startWith: { kind: 'new' },
	acknowledge: 'finished',
	afterProcessing: { kind: 'markRead' },
	messagesPerExecution: 1,
	decide: () => ({ matches: [] }),
	content: { chooseAttachments: () => [], includeSource: false },
};

export const succeeded: DeliveryEnd = { kind: 'succeeded' };
export const failed: DeliveryEnd = { kind: 'failed', reason: 'the order is unknown' };
export const interrupted: DeliveryEnd = { kind: 'interrupted' };
export const notStarted: DeliveryEnd = { kind: 'notStarted' };

/** What a host of watches remembers and does, over several lives of the process. */
export class WatchHost {
	readonly given: IncomingMessage[] = [];
	readonly keys: string[] = [];
	readonly groups: number[] = [];
	readonly faults: MailError[] = [];
	readonly warnings: string[] = [];
	/** Ends of the executions that `holdExecutions` keeps open. */
	readonly ends: Array<(end: DeliveryEnd) => void> = [];
	/** Tells that an execution is stored; in the order of the executions. */
	readonly stores: Array<() => void> = [];
	/** Answered at once, in this order; success when empty. */
	readonly nextEnds: DeliveryEnd[] = [];
	/** What the host's records say of an execution; `unknown` where nothing is said here. */
	readonly records = new Map<string, ExecutionState>();
	holdExecutions = false;
	/** When the sign-in of the next connections ends. */
	expiresAt: number | undefined;
	readonly #watches: Watch[] = [];
	#checkpoint: Checkpoint | undefined;
	#startedAt: number | undefined;
	#lives = 0;

	get subjects(): string[] {
		return this.given.map(({ head }) => head?.subject ?? '');
	}

	get attempts(): number[] {
		return this.given.map(({ attempt }) => attempt);
	}

	get checkpoint(): Checkpoint | undefined {
		return this.#checkpoint;
	}

	store(lost = false): CheckpointStore {
		this.#startedAt ??= Date.now();
		return {
			startedAt: this.#startedAt,
			lost,
			load: () => this.#checkpoint,
			save: async (checkpoint) => {
				this.#checkpoint = JSON.parse(JSON.stringify(checkpoint));
			},
		};
	}

	watch(mailbox: MemoryMailbox, changes: Partial<WatchSettings> = {}, lost = false): Watch {
		const watch = watchMailbox(
			async () => ({ driver: mailbox, expiresAt: this.expiresAt }),
			{ ...watchSettings, ...changes },
			{
				deliver: (messages, key) => {
					this.given.push(...messages);
					this.groups.push(messages.length);
					this.keys.push(key);
					const stored = new Promise<void>((resolve) => this.stores.push(resolve));
					const end = this.holdExecutions
						? new Promise<DeliveryEnd>((resolve) => this.ends.push(resolve))
						: Promise.resolve(this.nextEnds.shift() ?? succeeded);
					return { stored, end };
				},
				records: { find: async (key) => this.records.get(key) ?? 'unknown' },
				checkpoints: this.store(lost),
				log: {
					debug: () => undefined,
					info: () => undefined,
					warn: (message) => this.warnings.push(message),
					error: () => undefined,
				},
				reportFault: (error) => this.faults.push(error),
			},
		);
		this.#watches.push(watch);
		return watch;
	}

	/**
	 * The process was killed: its watches run nothing more that counts, and only the checkpoint survives. What this
	 * process knows hangs on the key.
	 */
	watchAfterKill(mailbox: MemoryMailbox, changes: Partial<WatchSettings> = {}): Watch {
		this.#lives++;
		return this.watch(mailbox, { ...changes, watchKey: `life ${this.#lives}` });
	}

	/** Ends everything. Timers are the caller's. */
	async close(advance: (ms: number) => Promise<void>): Promise<void> {
		for (const end of this.ends) end(succeeded);
		const stops = this.#watches.splice(0).map((watch) => watch.stop());
		await advance(10 * 60_000);
		await Promise.all(stops);
	}
}
