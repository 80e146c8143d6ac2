import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { ImapFlow } from 'imapflow';
import { readRecords, waitForRecords, type Records } from './records';
import type { Stage } from './stage';
import { percentile, round } from './statistics';
import { type Side, toReceiving } from './workflow';

const MAILS = 50;
const EVERY_MS = 500;

/** Mails come irregularly: in step with the server's own 500 ms, chance would decide. */
const JITTER_MS = 250;

/** Longest wait of n8n's own trigger between two looks, and some more. */
const QUIET_MS = 30_000;

export interface LatencyResult {
	readonly mails: number;
	readonly everyMs: number;
	/** From the server's 250 to the workflow, ms. */
	readonly ours: Spread;
	readonly builtIn: Spread;
	/** A bare IDLE loop with the same library: what this server allows. */
	readonly bare: Spread;
	readonly ofBareP50: number;
	readonly ofBareP95: number;
	readonly ofBuiltInP50: number;
}

interface Spread {
	readonly received: number;
	readonly p50: number;
	readonly p95: number;
	readonly max: number;
}

/** One mail per 500 ms, from the moment the server has taken it to the first node behind the trigger. */
export async function measureLatency(
	stage: Stage,
	say: (line: string) => void,
): Promise<LatencyResult> {
	const ours = await measureSide(stage, 'ours', 'ours-latency@bench.test');
	say(`latency, ours: p50 ${ours.p50} ms`);
	const builtIn = await measureSide(stage, 'builtIn', 'builtin-latency@bench.test');
	say(`latency, n8n's own: p50 ${builtIn.p50} ms`);
	const bare = await measureBare(stage, 'bare-latency@bench.test');
	say(`latency, bare IDLE loop: p50 ${bare.p50} ms`);
	return {
		mails: MAILS,
		everyMs: EVERY_MS,
		ours,
		builtIn,
		bare,
		ofBareP50: round(ours.p50 / bare.p50),
		ofBareP95: round(ours.p95 / bare.p95),
		ofBuiltInP50: round(ours.p50 / builtIn.p50, 3),
	};
}

async function measureSide(stage: Stage, side: Side, user: string): Promise<Spread> {
	const file = path.join(stage.folder, `${user}.log`);
	const credentials = await stage.addMailbox(user);
	const workflow = await stage.n8n.createWorkflow(toReceiving(side, credentials[side], file));
	await stage.n8n.activate(workflow);
	// The first mail of each side warms the way up and is not counted.
	await stage.dovecot.deliver(user, { from: 'bench@bench.test', subject: 'warm-up', text: 'x' });
	await waitForRecords(file, 1, QUIET_MS);
	const delivered = await deliverSteadily(stage, user);
	await waitForRecords(file, MAILS + 1, QUIET_MS);
	await stage.n8n.deactivate(workflow.id);
	return toSpread(delivered, readRecords(file));
}

async function measureBare(stage: Stage, user: string): Promise<Spread> {
	const { host, imapPort, users } = stage.dovecot;
	const pass = users.find((each) => each.user === user)?.password ?? '';
	const records = new Map<string, number>();
	const client = new ImapFlow({
		host,
		port: imapPort,
		secure: false,
		auth: { user, pass },
		logger: false,
		autoIdleDelay: 10,
		doSTARTTLS: false,
	});
	client.on('error', () => undefined);
	await client.connect();
	await client.mailboxOpen('INBOX');
	let seen = 0;
	let queue = Promise.resolve();
	client.on('exists', ({ count }) => {
		queue = queue.then(async () => {
			if (count <= seen) return;
			const range = `${seen + 1}:${count}`;
			seen = count;
			for (const { envelope } of await client.fetchAll(range, { envelope: true, source: true })) {
				records.set(envelope?.subject ?? '', Date.now());
			}
		});
	});
	const delivered = await deliverSteadily(stage, user);
	await pause(2_000);
	await queue;
	await client.logout();
	return toSpread(delivered, records);
}

/** Returns when the server had taken each mail. */
async function deliverSteadily(stage: Stage, user: string): Promise<Records> {
	const delivered = new Map<string, number>();
	const random = createRandom();
	const start = Date.now();
	for (let index = 0; index < MAILS; index++) {
		const jitterMs = (2 * random() - 1) * JITTER_MS;
		await pause(Math.max(0, start + index * EVERY_MS + jitterMs - Date.now()));
		const subject = `mail ${index}`;
		await stage.dovecot.deliver(user, { from: 'bench@bench.test', subject, text: 'Hello' });
		delivered.set(subject, Date.now());
	}
	return delivered;
}

/** The same sequence for each side (a linear congruential generator, Numerical Recipes' constants). */
function createRandom(): () => number {
	let state = 1;
	return () => {
		state = (1664525 * state + 1013904223) % 2 ** 32;
		return state / 2 ** 32;
	};
}

function toSpread(delivered: Records, records: Records): Spread {
	const delays = [...delivered].flatMap(([subject, at]) => {
		const arrived = records.get(subject);
		return arrived === undefined ? [] : [arrived - at];
	});
	return {
		received: delays.length,
		p50: percentile(delays, 0.5),
		p95: percentile(delays, 0.95),
		max: Math.max(...delays),
	};
}
