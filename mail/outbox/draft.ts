import type { Connector } from '../connector';
import { MailError } from '../errors';
import type { OutgoingMessage } from '../outgoing';
import type { DraftsFolder, SavedDraft } from '../ports';
import { composeDraft } from './compose';

export interface DraftOutcome extends SavedDraft {
	/** With angle brackets. */
	readonly messageId: string;
	readonly sizeBytes: number;
}

export interface Drafts {
	/** Composes a message, which may lack recipients, and saves it with its blind ones. Throws MailError. */
	save(message: OutgoingMessage): Promise<DraftOutcome>;
	/** Never throws. */
	close(): Promise<void>;
}

/**
 * @param open called where the connector can have a Drafts folder
 *
 * Throws `connector.disabled` and `connector.wrongUse` for connectors that have none.
 */
export function createDrafts(
	connector: Connector,
	open: (connector: Connector) => DraftsFolder,
): Drafts {
	assertHasDrafts(connector);
	const folder = open(connector);
	return {
		save: async (message) => {
			const composed = await composeDraft(message);
			try {
				const { messageId, sizeBytes } = composed;
				return { ...(await folder.append(composed)), messageId, sizeBytes };
			} finally {
				await composed.dispose();
			}
		},
		close: async () => await folder.close(),
	};
}

function assertHasDrafts({ enabled, incoming, name }: Connector): void {
	if (!enabled) throw new MailError('connector.disabled', { subject: name });
	if (incoming?.protocol === 'imap') return;
	throw new MailError('connector.wrongUse', {
		subject: `${name} has no Drafts folder: it ${incoming === undefined ? 'only sends' : 'reads by POP3'}`,
		remedy: 'Choose a connector that reads its mailbox by IMAP, or add that to this one.',
	});
}
