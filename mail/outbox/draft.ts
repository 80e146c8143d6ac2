import type { Connector } from '../connector';
import { MailError } from '../errors';
import type { OutgoingMessage } from '../outgoing';
import type { DraftsFolder, SavedDraft } from '../ports';
import { composeDraft } from './compose';
import { toWholeSize } from './whole-size';

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
			const composed = await composeDraft(message, folder.room);
			try {
				const saved = await folder.append(composed);
				return { ...saved, messageId: composed.messageId, sizeBytes: toWholeSize(composed) };
			} finally {
				await composed.dispose();
			}
		},
		close: async () => await folder.close(),
	};
}

function assertHasDrafts({ enabled, incoming, outgoing, name }: Connector): void {
	if (!enabled) throw new MailError('connector.disabled', { subject: name });
	if (incoming?.protocol === 'imap' || outgoing?.protocol === 'graph') return;
	throw new MailError('connector.wrongUse', {
		subject: `${name} has no Drafts folder: it ${incoming === undefined ? 'only sends' : 'reads by POP3'}`,
		remedy:
			'Choose a connector that reads its mailbox by IMAP or Microsoft Graph, or add that to this one.',
	});
}
