import type { Connector } from '../../connector';
import { isMailError } from '../../errors';
import {
	GRAPH_FIRST_PAUSE_MS,
	GRAPH_LAST_PAUSE_MS,
	GRAPH_PATIENCE_MS,
	GRAPH_TRIES,
} from '../../limits';
import type { DraftsFolder } from '../../ports';
import { Draft } from './draft';
import { graphRoom } from './sender';
import { sleep } from './sleep';
import { toSendMailbox } from './send-mailbox';

/** The Drafts folder of the mailbox that a connector sends from. Opens nothing. Throws `connector.wrongUse`. */
export function createGraphDraftsFolder(connector: Connector): DraftsFolder {
	const mailbox = toSendMailbox(connector);
	return {
		room: graphRoom,
		append: async (message) => {
			const draft = new Draft(mailbox, message);
			const id = await completePatiently(draft);
			await draft.removeTwins().catch(() => undefined);
			return { folder: 'Drafts', serverId: id };
		},
		close: async () => await Promise.resolve(),
	};
}

/** Goes on where it was put off; what cannot be completed is removed. */
async function completePatiently(draft: Draft): Promise<string> {
	for (let tries = 1; ; tries++) {
		try {
			return await draft.complete();
		} catch (error) {
			const pauseMs = toPauseMs(error, tries);
			if (pauseMs === undefined) {
				await draft.remove().catch(() => undefined);
				throw error;
			}
			await sleep(pauseMs, 'Drafts', undefined);
		}
	}
}

/** Undefined where it is given up. */
function toPauseMs(error: unknown, tries: number): number | undefined {
	if (!isMailError(error) || !error.retryable || tries >= GRAPH_TRIES) return undefined;
	const backOffMs = Math.min(GRAPH_FIRST_PAUSE_MS * 2 ** (tries - 1), GRAPH_LAST_PAUSE_MS);
	const pauseMs = Math.max(backOffMs, error.retryAfterMs ?? 0);
	return pauseMs > GRAPH_PATIENCE_MS ? undefined : pauseMs;
}
