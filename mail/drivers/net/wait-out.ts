/** Waits; ends early when the signal fires. */
export async function waitOut(
	durationMs: number,
	signal: AbortSignal,
): Promise<'timeout' | 'aborted'> {
	if (signal.aborted) return 'aborted';
	if (durationMs <= 0) return 'timeout';
	return await new Promise((resolve) => {
		const onAbort = () => {
			clearTimeout(timer);
			resolve('aborted');
		};
		const timer = setTimeout(() => {
			signal.removeEventListener('abort', onAbort);
			resolve('timeout');
		}, durationMs);
		signal.addEventListener('abort', onAbort, { once: true });
	});
}
