import type { DeliveryEnd, ExecutionRecords, ExecutionState } from '../../mail/inbox/delivery';
import { pause } from '../../mail/inbox/wait';
import { RECORD_POLL_MS } from '../../mail/limits';

/** n8n stores an execution some ten milliseconds after it was asked to; looked for after these, in ms. */
const STORED_POLL_MS = [15, 30, 60, 120, 250, 500, 1000] as const;

/** n8n's own report is awaited this long before its records are asked as well, in ms. */
const REPORT_PATIENCE_MS = 60_000;

/** Settles when the execution stands in n8n's records; never, where it cannot be seen there before `over`. */
export async function awaitStored(
	records: ExecutionRecords,
	key: string,
	over: AbortSignal,
): Promise<void> {
	for (let turn = 0; !over.aborted; turn++) {
		await pause(STORED_POLL_MS[turn] ?? RECORD_POLL_MS, over);
		if (over.aborted) break;
		const state = await records.find(key);
		if (state === 'unknown') break;
		if (state !== 'absent') return;
	}
	return await forever();
}

/** The end of an execution as the records tell it, for where n8n's report never comes; never after `over`. */
export async function awaitRecordedEnd(
	records: ExecutionRecords,
	key: string,
	over: AbortSignal,
): Promise<DeliveryEnd> {
	for (;;) {
		await pause(REPORT_PATIENCE_MS, over);
		if (over.aborted) return await forever();
		const end = toEnd(await records.find(key));
		if (end !== undefined) return end;
	}
}

/**
 * The end of an execution that n8n has refused to start a second time. Where the records cannot tell, it counts as
 * interrupted: it may have been stored and never have run.
 */
export async function awaitEndOfRefused(
	records: ExecutionRecords,
	key: string,
	over: AbortSignal,
): Promise<DeliveryEnd> {
	for (;;) {
		const state = await records.find(key);
		if (state !== 'underWay') return toEnd(state) ?? { kind: 'interrupted' };
		await pause(RECORD_POLL_MS, over);
		if (over.aborted) return await forever();
	}
}

function toEnd(state: ExecutionState): DeliveryEnd | undefined {
	switch (state) {
		case 'finished':
			return { kind: 'succeeded' };
		case 'failed':
			return { kind: 'failed', reason: 'the workflow failed' };
		case 'interrupted':
			return { kind: 'interrupted' };
		case 'absent':
		case 'underWay':
		case 'unknown':
			return undefined;
	}
}

/** A new one each time: what waits for a promise is held by it. */
async function forever(): Promise<never> {
	return await new Promise<never>(() => undefined);
}
