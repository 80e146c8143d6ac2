import type { Connector } from '../../mail/connector';
import { createGraphDraftsFolder } from '../../mail/drivers/graph/drafts-folder';
import { createDraftsFolder } from '../../mail/drivers/imap';
import { createDrafts, type Drafts } from '../../mail/outbox';
import type { Log } from '../../mail/ports';

/**
 * The drafts of a connector's mailbox. No connection is opened before the first one. The caller closes it.
 * Throws `connector.disabled` and `connector.wrongUse`.
 */
export function openDrafts(connector: Connector, log: Log): Drafts {
	return createDrafts(connector, (usable) =>
		usable.outgoing?.protocol === 'graph'
			? createGraphDraftsFolder(usable)
			: createDraftsFolder(usable, log),
	);
}
