import type { Connector } from '../../mail/connector';
import { createGraphSender } from '../../mail/drivers/graph/sender';
import { createSentFolder } from '../../mail/drivers/imap';
import { createSmtpSender } from '../../mail/drivers/smtp';
import { assertMaySend, createOutbox, type Outbox } from '../../mail/outbox';
import type { Log } from '../../mail/ports';

/**
 * Everything that sending through a connector needs. No connection is opened before the first mail, none to
 * the mailbox before the first copy. The caller closes it. Throws `connector.disabled` and `connector.wrongUse`.
 */
export function openOutbox(connector: Connector, log: Log): Outbox {
	assertMaySend(connector);
	return createOutbox({
		connector,
		sender:
			connector.outgoing?.protocol === 'graph'
				? createGraphSender(connector)
				: createSmtpSender(connector),
		sentFolder:
			connector.incoming?.protocol === 'imap' ? createSentFolder(connector, log) : undefined,
		log,
	});
}
