import { ATTEMPTS, EXECUTIONS_IN_FLIGHT } from '../../mail/limits';
import type { MailError } from '../../mail/errors';
import type { Checkpoint, CheckpointStore } from '../../mail/inbox/checkpoint';
import type { DeliveryEnd, ExecutionState, IncomingMessage } from '../../mail/inbox/delivery';
import { type Watch, watchMailbox, type WatchSettings } from '../../mail/inbox/watch';
import type { MailboxDriver } from '../../mail/ports';
import { inLife, Life } from './life';
import { MemoryMailbox } from './memory-mailbox';

export const watchSettings: WatchSettings = {
	watchKey: 'workflow node',
	account: 'imap://support@example.com',
	folder: 'INBOX',
	startWith: { kind: 'new' },
	acknowledge: 'finished',
	afterProcessing: { kind: 'markRead' },
	messagesPerExecution: 1,
	executionsAtATime: EXECUTIONS_IN_FLIGHT,
	attempts: ATTEMPTS,
	decide: () => ({ matches: [] }),
	content: { chooseAttachments: () => [], includeSource: false, textCharacters: 1_000_000_000 },
};

export const succeeded: DeliveryEnd = { kind: 'succeeded' };
export const failed: DeliveryEnd = { kind: 'failed', reason: 'the order is unknown' };
export const interrupted: DeliveryEnd = { kind: 'interrupted' };
export const notStarted: DeliveryEnd = { kind: 'notStarted' };

/** Of all hosts: what a process knows of a watched folder hangs on the watch's key. */
let lives = 0;

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
	/** Answered at once, in this order; `toEnd` decides when empty. */
	readonly nextEnds: DeliveryEnd[] = [];
	/** How the workflow ends with these mails. */
	toEnd: (messages: readonly IncomingMessage[]) => DeliveryEnd = () => succeeded;
	/** What the host's records say of an execution; `unknown` where nothing is said here. */
	readonly records = new Map<string, ExecutionState>();
	holdExecutions = false;
	/** Checkpoints are never written. */
	saveIsStuck = false;
	/** The records never answer. */
	recordsAreStuck = false;
	/** Every checkpoint that was saved. */
	readonly saves: Checkpoint[] = [];
	readonly #watches: Watch[] = [];
	#checkpoint: Checkpoint | undefined;
	#startedAt: number | undefined;
	#life = new Life();
	#watchKey = `life ${++lives}`;

	get subjects(): string[] {
		return this.given.map(({ head }) => head?.subject ?? '');
	}

	get attempts(): number[] {
		return this.given.map(({ attempt }) => attempt);
	}

	get checkpoint(): Checkpoint | undefined {
		return this.#checkpoint;
	}

	/** Somebody else has written it, another host for instance. */
	set checkpoint(checkpoint: Checkpoint | undefined) {
		this.#checkpoint = checkpoint;
	}

	store(lost = false, life = this.#life): CheckpointStore {
		this.#startedAt ??= Date.now();
		return {
			startedAt: this.#startedAt,
			lost,
			load: () => this.#checkpoint,
			save: async (checkpoint) => {
				if (this.saveIsStuck) return await new Promise<never>(() => undefined);
				await life.step(async () => {
					const saved: Checkpoint = JSON.parse(JSON.stringify(checkpoint));
					this.#checkpoint = saved;
					this.saves.push(saved);
				});
			},
		};
	}

	watch(mailbox: MailboxDriver, changes: Partial<WatchSettings> = {}, lost = false): Watch {
		const life = this.#life;
		const watch = watchMailbox(
			async () => ({ driver: inLife(mailbox, life) }),
			{ ...watchSettings, watchKey: this.#watchKey, ...changes },
			{
				deliver: (messages, key) => {
					if (life.isOver) return { end: new Promise(() => undefined) };
					this.given.push(...messages);
					this.groups.push(messages.length);
					this.keys.push(key);
					const stored = new Promise<void>((resolve) => this.stores.push(resolve));
					const end = this.holdExecutions
						? new Promise<DeliveryEnd>((resolve) => this.ends.push(resolve))
						: Promise.resolve(this.nextEnds.shift() ?? this.toEnd(messages));
					return { stored, end };
				},
				records: {
					find: async (key) =>
						this.recordsAreStuck
							? await new Promise<never>(() => undefined)
							: (this.records.get(key) ?? 'unknown'),
				},
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
	 * The process is killed: its watches do nothing more that counts, and only the checkpoint survives.
	 */
	watchAfterKill(mailbox: MailboxDriver, changes: Partial<WatchSettings> = {}): Watch {
		this.#life.end();
		this.#life = new Life();
		this.#watchKey = `life ${++lives}`;
		return this.watch(mailbox, changes);
	}

	/** Ends everything. Timers are the caller's. */
	async close(advance: (ms: number) => Promise<void>): Promise<void> {
		for (const end of this.ends) end(succeeded);
		const stops = this.#watches.splice(0).map((watch) => watch.stop());
		await advance(10 * 60_000);
		await Promise.all(stops);
	}
}

/** Lets everything happen that can happen without time passing, or within `ms`. Needs fake timers. */
export const settle = async (ms = 0) => await jest.advanceTimersByTimeAsync(ms);

/** A mailbox and a host of its own for each test of a file, with fake timers; all watches end with the test. */
export function useWatchHost(): { mailbox: MemoryMailbox; host: WatchHost } {
	const place = { mailbox: new MemoryMailbox(), host: new WatchHost() };
	beforeEach(() => {
		jest.useFakeTimers();
		place.mailbox = new MemoryMailbox();
		place.host = new WatchHost();
	});
	afterEach(async () => {
		await place.host.close(settle);
		jest.useRealTimers();
	});
	return place;
}
