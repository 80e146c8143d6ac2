import type { Checkpoint } from '../../../mail/inbox/checkpoint';
import type { Acknowledge, AfterProcessing } from '../../../mail/inbox/delivery';
import { watchMailbox } from '../../../mail/inbox/watch';
import { silentLog } from '../drivers/imap/imap-connector';
import { inLife, Life } from '../../support/life';
import { MemoryMailbox } from '../../support/memory-mailbox';
import { N8nModel } from '../../support/n8n-model';
import { settle, watchSettings } from '../../support/watch-host';

interface Variant {
	readonly acknowledge: Acknowledge;
	readonly afterProcessing: AfterProcessing;
	/** Whether the host's records of executions can be read. */
	readonly hasRecords: boolean;
	readonly hasWorkers: boolean;
	/** Whether each checkpoint is durable; otherwise only what n8n writes beside an execution. */
	readonly hasJournal: boolean;
}

let worlds = 0;

/** A mailbox, a host and what survives the process, over several lives of it. */
class World {
	readonly mailbox = new MemoryMailbox();
	readonly n8n = new N8nModel();
	readonly #startedAt = Date.now();
	readonly #number = ++worlds;
	#stored: Checkpoint | undefined;
	#lives = 0;
	/** Which mails may come twice: their execution was over and nothing durable knew of it. */
	readonly inWindow = new Set<string>();

	constructor(private readonly variant: Variant) {
		this.n8n.hasRecords = variant.hasRecords;
		this.n8n.hasWorkers = variant.hasWorkers;
	}

	/** Runs until `endAt`, a number of a step, and a while longer. Returns the steps that were made. */
	async live(endAt: number, ms: number): Promise<number> {
		const life = new Life();
		life.endAt(endAt);
		const mortal = inLife(this.mailbox, life);
		let current = this.#stored;
		const keep = async (checkpoint: Checkpoint) => {
			const copy: Checkpoint = JSON.parse(JSON.stringify(checkpoint));
			await life.step(async () => (this.#stored = copy));
		};
		const watch = watchMailbox(
			async () => ({ driver: mortal }),
			{
				...watchSettings,
				startWith: { kind: 'unread' },
				messagesPerExecution: 3,
				acknowledge: this.variant.acknowledge,
				afterProcessing: this.variant.afterProcessing,
				watchKey: `world ${this.#number} life ${++this.#lives}`,
			},
			{
				deliver: (messages, key) => {
					// Fire and forget, and done before the execution is stored.
					if (current !== undefined && !this.variant.hasJournal) void keep(current);
					return this.n8n.deliver(messages, key, life);
				},
				records: { find: async (key) => await life.ask(() => this.n8n.find(key)) },
				checkpoints: {
					startedAt: this.#startedAt,
					lost: false,
					load: () => current,
					save: async (checkpoint) => {
						current = checkpoint;
						if (this.variant.hasJournal) await keep(checkpoint);
					},
				},
				log: silentLog,
				reportFault: (error) => {
					throw error;
				},
			},
		);
		await settle(ms);
		if (life.isOver) this.#noteWindow();
		this.n8n.die();
		life.end();
		void watch.stop();
		return life.steps;
	}

	#noteWindow(): void {
		const given = new Set(
			(this.#stored?.mails ?? []).filter(({ phase }) => phase === 'given').map(({ uid }) => uid),
		);
		for (const { uid, subject, flags } of this.mailbox.mails) {
			const isUnmarked = given.has(uid) && !flags.has('\\Seen');
			if (isUnmarked && this.n8n.finished.includes(subject)) this.inWindow.add(subject);
		}
	}
}

const MAILS = 8;

/** Two mails that are there, three that come one by one, three at once. */
function deliverAll({ mailbox }: World): void {
	mailbox.deliver('mail 1', { receivedAt: new Date(0) });
	mailbox.deliver('mail 2', { receivedAt: new Date(0) });
	for (const [index, ms] of [60, 130, 200, 600, 600, 600].entries()) {
		setTimeout(() => mailbox.deliver(`mail ${index + 3}`), ms);
	}
}

interface Outcome {
	readonly steps: number;
	readonly lost: string[];
	readonly twice: string[];
	readonly inWindow: ReadonlySet<string>;
}

/** The process dies at each of these steps, counted from its start, and a last one lives. */
async function run(variant: Variant, ...deaths: number[]): Promise<Outcome> {
	const world = new World(variant);
	deliverAll(world);
	let steps = 0;
	for (const death of deaths) steps = await world.live(death, 2_000);
	await world.live(Infinity, 60_000);
	const { finished, stored } = world.n8n;
	const handled = variant.acknowledge === 'stored' ? stored : finished;
	const names = Array.from({ length: MAILS }, (_, index) => `mail ${index + 1}`);
	return {
		steps,
		lost: names.filter((name) => !handled.includes(name)),
		twice: finished.filter((name, index) => finished.indexOf(name) !== index),
		inWindow: world.inWindow,
	};
}

const usual: Variant = {
	acknowledge: 'finished',
	afterProcessing: { kind: 'markRead' },
	hasRecords: true,
	hasWorkers: false,
	hasJournal: true,
};
const variants: Variant[] = [
	usual,
	{ ...usual, acknowledge: 'stored' },
	{ ...usual, acknowledge: 'succeeded' },
	{ ...usual, afterProcessing: { kind: 'move', folder: 'Done' } },
	{ ...usual, afterProcessing: { kind: 'delete' } },
	{ ...usual, afterProcessing: { kind: 'nothing' } },
	{ ...usual, hasWorkers: true },
	{ ...usual, hasWorkers: true, acknowledge: 'stored' },
	{ ...usual, hasJournal: false },
	{ ...usual, hasJournal: false, hasWorkers: true },
	{ ...usual, hasRecords: false },
	{ ...usual, hasRecords: false, acknowledge: 'succeeded' },
	{ ...usual, hasRecords: false, hasJournal: false },
];

const toTitle = (variant: Variant) =>
	[
		variant.acknowledge,
		variant.afterProcessing.kind,
		variant.hasRecords ? 'with records' : 'without records',
		variant.hasWorkers ? 'with workers' : 'in one process',
		variant.hasJournal ? 'with a journal' : "with n8n's own data alone",
	].join(', ');

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('a process that is killed at any step', () => {
	it.each(variants.map((variant) => [toTitle(variant), variant] as const))(
		'loses no mail, and gives none twice that anybody could know of: %s',
		async (_title, variant) => {
			let deaths = 0;
			for (let death = 1; ; death++) {
				const { steps, lost, twice, inWindow } = await run(variant, death);
				expect({ death, lost }).toEqual({ death, lost: [] });
				const unexplained = twice.filter((name) => variant.hasRecords || !inWindow.has(name));
				expect({ death, unexplained }).toEqual({ death, unexplained: [] });
				if (steps < death) break;
				deaths++;
			}
			expect(deaths).toBeGreaterThan(20);
		},
		60_000,
	);

	it('loses and repeats nothing when the next one is killed, too', async () => {
		for (let first = 3; first < 60; first += 6) {
			for (let second = 1; second < 30; second += 2) {
				const { lost, twice } = await run(usual, first, second);
				expect({ first, second, lost, twice }).toEqual({ first, second, lost: [], twice: [] });
			}
		}
	}, 60_000);
});
