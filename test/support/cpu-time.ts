/** What the work costs, in ms of processor time: other programs of a busy machine do not count. */
export function toCpuMs(work: () => void): number {
	const before = process.cpuUsage();
	work();
	const { user, system } = process.cpuUsage(before);
	return (user + system) / 1_000;
}
