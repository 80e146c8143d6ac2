import { isPoison, poisonKinds, type PoisonKind } from './poison';
import { createRandom, drawFrom, type Random } from './random';

export type NetworkFault =
	| { readonly kind: 'cut' }
	| { readonly kind: 'blackhole' }
	| { readonly kind: 'freeze'; readonly forMs: number }
	| { readonly kind: 'refuse'; readonly forMs: number }
	| { readonly kind: 'delay'; readonly forMs: number; readonly latencyMs: number };

export interface ServerFault {
	/** `rebuild`: the mailbox gets another UIDVALIDITY and new UIDs while the server is down. */
	readonly kind: 'restart' | 'rebuild';
	readonly downMs: number;
}

/**
 * What the kill waits for: nothing; a body that the trigger has read (it emits next); the first or the last node of an
 * execution; the command that marks mail as read.
 */
export const killAims = ['anytime', 'read', 'started', 'running', 'ended', 'mark'] as const;
export type KillAim = (typeof killAims)[number];

export interface Kill {
	/** How long n8n has been up before it is aimed at. */
	readonly upMs: number;
	readonly aim: KillAim;
	/** From what it waited for to the kill. */
	readonly afterMs: number;
	readonly downMs: number;
}

export interface PlannedMail {
	/** Unique; stands in the header X-Chaos-Id and in the subject. */
	readonly id: string;
	/** How long its execution takes at least. */
	readonly workMs: number;
	/** The workflow ends with an error when this mail is among its items. */
	readonly fails: boolean;
	/** Another mail has the same Message-ID, as a mailing list's copy has. */
	readonly messageId: string;
	readonly form: 'plain' | 'html' | 'attachment' | PoisonKind;
}

export type Timed<T> = T & { readonly atMs: number };

/** Everything that a run does to mail, network, server and n8n, in ms from its start; lists in order of time. */
export interface Plan {
	readonly mails: ReadonlyArray<Timed<{ readonly batch: readonly PlannedMail[] }>>;
	readonly network: ReadonlyArray<Timed<NetworkFault>>;
	readonly server: ReadonlyArray<Timed<ServerFault>>;
	/** One after the other, not by the clock: how long n8n takes to start is the machine's affair. */
	readonly kills: readonly Kill[];
	readonly emailsPerExecution: 'automatic' | 'one';
}

/** Freezes above the trigger's own patience with a silent server need a run that lasts. */
const LONG_RUN_SECONDS = 150;
/** The last faults come this long before the end. */
const CALM_MS = 5_000;

/** The same plan for the same seed and length. */
export function toPlan(seed: number, seconds: number): Plan {
	const endMs = seconds * 1000 - CALM_MS;
	return {
		mails: planMails(seed, seconds * 1000),
		network: planNetwork(createRandom(seed, 'network'), endMs, seconds >= LONG_RUN_SECONDS),
		server: planServer(createRandom(seed, 'server'), endMs),
		kills: planKills(createRandom(seed, 'kills'), endMs),
		emailsPerExecution: seed % 2 === 0 ? 'one' : 'automatic',
	};
}

/** A steady flow, bursts and poison, each with a rhythm of its own. */
function planMails(seed: number, endMs: number): Plan['mails'] {
	const random = createRandom(seed, 'mails');
	const poison = drawFrom(random, poisonKinds);
	const arrivals: Array<{ atMs: number; forms: PlannedMail['form'][] }> = [
		...times(random, 300, endMs, 200, 1200).map((atMs) => ({ atMs, forms: [toForm(random)] })),
		...times(random, 6_000, endMs, 9_000, 20_000).map((atMs) => ({
			atMs,
			forms: [poison.next().value],
		})),
		...times(random, random.integer(8_000, 20_000), endMs, 60_000, 100_000).map((atMs) => ({
			atMs,
			forms: Array.from({ length: random.integer(50, endMs > 100_000 ? 200 : 80) }, () =>
				toForm(random),
			),
		})),
	].sort((a, b) => a.atMs - b.atMs);

	let count = 0;
	return arrivals.map(({ atMs, forms }) => ({
		atMs,
		batch: forms.map((form): PlannedMail => {
			count++;
			const twin = count > 1 && random.chance(0.02) ? count - 1 : count;
			return {
				id: toId(seed, count),
				workMs: random.chance(0.4) ? 0 : random.integer(0, 2000),
				fails: !isPoison(form) && random.chance(0.01),
				messageId: `<${toId(seed, twin)}@chaos.test>`,
				form,
			};
		}),
	}));
}

function toId(seed: number, count: number): string {
	return `chaos-${seed}-${count}`;
}

function toForm(random: Random): PlannedMail['form'] {
	const chance = random.next();
	if (chance < 0.7) return 'plain';
	return chance < 0.9 ? 'html' : 'attachment';
}

function planNetwork(random: Random, endMs: number, isLong: boolean): Plan['network'] {
	const second = (from: number, to: number): number => random.integer(from * 1000, to * 1000);
	const makers: Array<() => NetworkFault> = [
		() => ({ kind: 'cut' }),
		() => ({ kind: 'cut' }),
		() => ({ kind: 'blackhole' }),
		() => ({ kind: 'freeze', forMs: second(2, 12) }),
		() => ({ kind: 'refuse', forMs: second(1, 10) }),
		() => ({ kind: 'delay', forMs: second(3, 10), latencyMs: random.integer(50, 600) }),
	];
	if (isLong) makers.push(() => ({ kind: 'freeze', forMs: second(40, 75) }));
	const kinds = drawFrom(random, makers);
	const faults: Array<Timed<NetworkFault>> = [];
	for (let atMs = second(4, 8); atMs < endMs;) {
		const fault = kinds.next().value();
		faults.push({ ...fault, atMs });
		atMs += ('forMs' in fault ? fault.forMs : 0) + second(6, 20);
	}
	return faults;
}

function planServer(random: Random, endMs: number): Plan['server'] {
	const kinds = drawFrom(random, ['restart', 'rebuild'] as const);
	return times(random, random.integer(12_000, 25_000), endMs, 30_000, 60_000).map((atMs) => ({
		atMs,
		kind: kinds.next().value,
		downMs: random.chance(0.7) ? random.integer(1_000, 3_000) : random.integer(3_000, 20_000),
	}));
}

function planKills(random: Random, endMs: number): Plan['kills'] {
	const aims = drawFrom(random, [...killAims, 'running'] as const);
	const kills: Kill[] = [];
	for (let upMs = 0; upMs < endMs;) {
		const aim = aims.next().value;
		const kill: Kill = {
			// Now and then while n8n is still activating the workflow.
			upMs: random.chance(0.15) ? random.integer(0, 2_000) : random.integer(2_000, 15_000),
			aim,
			afterMs: random.integer(0, aim === 'running' ? 1500 : 60),
			downMs: random.chance(0.7) ? 0 : random.integer(500, 8_000),
		};
		kills.push(kill);
		upMs += kill.upMs;
	}
	return kills;
}

/** From `firstMs` on, with pauses between the two lengths. */
function times(
	random: Random,
	firstMs: number,
	endMs: number,
	shortestMs: number,
	longestMs: number,
): number[] {
	const found: number[] = [];
	for (let atMs = firstMs; atMs < endMs; atMs += random.integer(shortestMs, longestMs)) {
		found.push(atMs);
	}
	return found;
}
