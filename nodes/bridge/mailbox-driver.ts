import type { Connector, IncomingProtocol } from '../../mail/connector';
import { createGraphDriver } from '../../mail/drivers/graph';
import { createImapDriver } from '../../mail/drivers/imap';
import { createPop3Driver } from '../../mail/drivers/pop3';
import type { Log, MailboxDriver } from '../../mail/ports';

type CreateDriver = (connector: Connector, log: Log) => MailboxDriver;

const driversOf: Readonly<Record<IncomingProtocol | 'graph', CreateDriver>> = {
	graph: createGraphDriver,
	imap: createImapDriver,
	pop3: createPop3Driver,
};

/** The driver of the connector's incoming protocol. Opens nothing. */
export function createMailboxDriver(connector: Connector, log: Log): MailboxDriver {
	return driversOf[connector.incoming?.protocol ?? 'imap'](connector, log);
}
