import { MailError } from '../../errors';

/** Throws `connection.lost` when the signal fires. */
export async function sleep(
	durationMs: number,
	subject: string,
	signal: AbortSignal | undefined,
): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		const onAbort = () => {
			clearTimeout(timer);
			reject(new MailError('connection.lost', { subject, cause: signal?.reason }));
		};
		const timer = setTimeout(() => {
			signal?.removeEventListener('abort', onAbort);
			resolve();
		}, durationMs);
		if (signal?.aborted === true) onAbort();
		else signal?.addEventListener('abort', onAbort, { once: true });
	});
}
