import { readFileSync, writeFileSync } from 'node:fs';

/** Linux alone tells; elsewhere undefined. MB now, with the peak counted from here. */
export function resetPeakMemory(pid: number): number | undefined {
	try {
		writeFileSync(`/proc/${pid}/clear_refs`, '5');
		return readPeakMemory(pid);
	} catch {
		return undefined;
	}
}

export function readPeakMemory(pid: number): number | undefined {
	try {
		const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
		return peak === undefined ? undefined : Number(peak) / 1024;
	} catch {
		return undefined;
	}
}
