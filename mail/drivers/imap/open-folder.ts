import type { ImapFlow } from 'imapflow';
import type { Log } from '../../ports';
import type { RefusalLog } from './refusal-log';

/** What changing messages works with: one open folder. */
export interface OpenFolder {
	readonly client: ImapFlow;
	readonly refusals: RefusalLog;
	/** The folder, for messages: `folder "INBOX"`. */
	readonly subject: string;
	readonly log: Log;
}
