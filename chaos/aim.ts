import type { FaultProxy, Watcher } from '../test/support/fault-proxy';
import type { KillAim } from './plan';
import type { RecordFile } from './record-file';

/** A mailbox without traffic gives no moment to aim at. */
const PATIENCE_MS = 6_000;

/** Resolves at the moment that is aimed at, true; or after a while without it, false. */
export async function waitForAim(
	aim: KillAim,
	proxy: FaultProxy,
	records: RecordFile,
	signal: AbortSignal,
): Promise<boolean> {
	if (aim === 'anytime') return true;
	// Not AbortSignal.any: Node 20 may collect it before it fires.
	const limit = new AbortController();
	const end = (): void => limit.abort();
	const timer = setTimeout(end, PATIENCE_MS);
	signal.addEventListener('abort', end);
	if (signal.aborted) end();
	const over = limit.signal;
	try {
		switch (aim) {
			case 'started':
			case 'running':
				await records.waitFor('start', over);
				break;
			case 'ended':
				await records.waitFor('end', over);
				break;
			case 'read':
				await waitForTraffic(proxy, createReadWatch(), over);
				break;
			case 'mark':
				await waitForTraffic(
					proxy,
					(direction, chunk) => direction === 'toServer' && chunk.includes('UID STORE'),
					over,
				);
				break;
		}
		return true;
	} catch (error) {
		if (over.aborted) return false;
		throw error;
	} finally {
		clearTimeout(timer);
		signal.removeEventListener('abort', end);
	}
}

type TrafficTest = (...seen: Parameters<Watcher>) => boolean;

/** True for the last bytes of an answer to a FETCH that asked for a body: what follows is an execution. */
function createReadWatch(): TrafficTest {
	let isReading = false;
	return (direction, chunk) => {
		if (direction === 'toServer') {
			isReading = /FETCH .*BODY\.PEEK\[(?!HEADER)/.test(chunk.toString('latin1'));
			return false;
		}
		return isReading && /OK Fetch completed/.test(chunk.subarray(-200).toString('latin1'));
	};
}

async function waitForTraffic(
	proxy: FaultProxy,
	isIt: TrafficTest,
	signal: AbortSignal,
): Promise<void> {
	let end: () => void = () => undefined;
	try {
		await new Promise<void>((resolve, reject) => {
			end = proxy.watch((direction, chunk) => {
				if (isIt(direction, chunk)) resolve();
			});
			signal.addEventListener('abort', () => reject(new Error('nothing to aim at')), {
				once: true,
			});
		});
	} finally {
		end();
	}
}
