import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startFaultProxy } from '../test/support/fault-proxy';
import { readRecords, waitForRecords } from './records';
import type { Stage } from './stage';
import { round } from './statistics';
import { type Side, toReceiving } from './workflow';

const MINUTES = [1, 3, 7];
const PHASES = ['idle', 'afterFetch'] as const;
type Phase = (typeof PHASES)[number];

/** Long enough after the last mail that the trigger only listens. */
const IDLE_MS = 30_000;
/** n8n's own trigger does not listen in the 15 s after a fetch. */
const AFTER_FETCH_MS = 5_000;
/** One mail per this time is delivered while nothing passes. */
const DELIVER_EVERY_MS = 15_000;
const ARRIVAL_MS = 60_000;
const LIMIT_MS = 5 * 60_000;

export const FREEZE_MAILBOXES = (['ours', 'builtIn'] as const).flatMap((side) =>
	MINUTES.flatMap((minutes) => PHASES.map((phase) => toUser(side, minutes, phase))),
);

export interface FreezeResult {
	readonly side: Side;
	readonly minutes: number;
	readonly phase: Phase;
	/** From the network's return to the first mail in the workflow, s; null: not within 300 s. */
	readonly mailAfterS: number | null;
	readonly mails: number;
	readonly received: number;
}

/**
 * A network that goes silent but keeps accepting and acknowledging, new connections too, for 1, 3 and 7 minutes: while
 * the trigger listens, and right after a fetch. All cases at once, each with a mailbox and a proxy of its own.
 */
export async function measureFreezes(
	stage: Stage,
	sides: readonly Side[],
	say: (line: string) => void,
): Promise<FreezeResult[]> {
	const cases = sides.flatMap((side) =>
		MINUTES.flatMap((minutes) => PHASES.map((phase) => ({ side, minutes, phase }))),
	);
	return await Promise.all(
		cases.map(async ({ side, minutes, phase }) => {
			const result = await measureOne(stage, side, minutes, phase);
			const after = result.mailAfterS === null ? 'no mail' : `mail after ${result.mailAfterS} s`;
			say(`freeze of ${minutes} min, ${phase}, ${side}: ${after}`);
			return result;
		}),
	);
}

async function measureOne(
	stage: Stage,
	side: Side,
	minutes: number,
	phase: Phase,
): Promise<FreezeResult> {
	const user = toUser(side, minutes, phase);
	const file = path.join(stage.folder, `${user}.log`);
	const proxy = await startFaultProxy({ host: stage.dovecot.host, port: stage.dovecot.imapPort });
	let mails = 0;
	const deliver = async (): Promise<void> => {
		mails++;
		await stage.dovecot.deliver(user, {
			from: 'bench@bench.test',
			subject: `mail ${mails}`,
			text: 'x',
		});
	};
	const credentials = await stage.addMailbox(user, proxy);
	const workflow = await stage.n8n.createWorkflow(toReceiving(side, credentials[side], file));
	await stage.n8n.activate(workflow);
	try {
		await deliver();
		await waitForRecords(file, 1, ARRIVAL_MS);
		await pause(phase === 'idle' ? IDLE_MS : AFTER_FETCH_MS);

		proxy.freeze();
		const until = Date.now() + minutes * 60_000;
		while (Date.now() < until) {
			await deliver();
			await pause(Math.min(DELIVER_EVERY_MS, Math.max(0, until - Date.now())));
		}
		const before = readRecords(file).size;
		await proxy.heal();
		const healedAt = Date.now();
		const first = await waitForRecords(file, before + 1, LIMIT_MS);
		const mailAfterMs = Date.now() - healedAt;
		const all = await waitForRecords(file, mails, ARRIVAL_MS);
		return {
			side,
			minutes,
			phase,
			mailAfterS: first.size > before ? round(mailAfterMs / 1000, 1) : null,
			mails,
			received: all.size,
		};
	} finally {
		await stage.n8n.deactivate(workflow.id);
		await proxy.close();
	}
}

function toUser(side: Side, minutes: number, phase: Phase): string {
	return `freeze-${side}-${minutes}-${phase}@bench.test`.toLowerCase();
}
