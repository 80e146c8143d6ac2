import type { SentFolder } from '../ports';
import { pause } from './patience';

/**
 * Looks for a message several times, since servers file it some time after they took it. Throws MailError where the
 * last look fails, and `send.cancelled`.
 *
 * @param pausesMs before each look
 */
export async function isInSentFolder(
	sentFolder: SentFolder,
	messageId: string,
	pausesMs: readonly number[],
	signal?: AbortSignal,
): Promise<boolean> {
	for (const pauseMs of pausesMs) {
		if (pauseMs > 0) await pause(pauseMs, signal);
		if (await sentFolder.has(messageId)) return true;
	}
	return false;
}
