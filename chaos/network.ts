import { setTimeout as pause } from 'node:timers/promises';
import type { FaultProxy } from '../test/support/fault-proxy';
import type { NetworkFault } from './plan';
import type { RunLog } from './run-log';

/**
 * Does a fault to the network and ends it. After a cut or a black hole new connections work at once, and delay is no
 * outage: the trigger is expected to go on by itself.
 */
export async function disturb(
	proxy: FaultProxy,
	fault: NetworkFault,
	log: RunLog,
	signal: AbortSignal,
): Promise<void> {
	const last = async (ms: number): Promise<void> => {
		await pause(ms, undefined, { signal }).catch(() => undefined);
		await proxy.heal();
	};
	switch (fault.kind) {
		case 'cut':
		case 'blackhole':
			proxy[fault.kind]();
			log.note(fault.kind);
			return;
		case 'delay':
			proxy.delay(fault.latencyMs);
			log.note('delay', { ...fault });
			return await last(fault.forMs);
		case 'freeze':
		case 'refuse': {
			const end = log.beginOutage(fault.kind, { ...fault });
			await proxy[fault.kind]();
			await last(fault.forMs);
			end();
		}
	}
}
