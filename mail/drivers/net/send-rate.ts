import { setTimeout as wait } from 'node:timers/promises';
import { MailError } from '../../errors';

/**
 * When each account may send next, in ms since the epoch. Of the whole process: a provider counts per account,
 * however many nodes and executions share it.
 */
const nextSends = new Map<string, number>();

/**
 * Resolves when the account may send its next message; messages are spread evenly over the second.
 * Throws `send.cancelled` when the signal fires first.
 *
 * @param account by which the provider counts
 * @param messagesPerSecond 0: unlimited
 */
export async function takeSendSlot(
	account: string,
	messagesPerSecond: number,
	signal?: AbortSignal,
): Promise<void> {
	if (messagesPerSecond <= 0) return;
	const now = Date.now();
	forgetPast(now);
	const slot = Math.max(now, nextSends.get(account) ?? 0);
	nextSends.set(account, slot + 1000 / messagesPerSecond);
	if (slot <= now) return;
	try {
		await wait(slot - now, undefined, { signal });
	} catch (cause) {
		throw new MailError('send.cancelled', { cause });
	}
}

function forgetPast(now: number): void {
	for (const [account, next] of nextSends) {
		if (next <= now) nextSends.delete(account);
	}
}
