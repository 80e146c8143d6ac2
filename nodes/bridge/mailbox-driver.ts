import type { Connector, IncomingProtocol } from '../../mail/connector';
import { createImapDriver } from '../../mail/drivers/imap';
import { createPop3Driver } from '../../mail/drivers/pop3';
import type { Log, MailboxDriver } from '../../mail/ports';

type CreateDriver = (connector: Connector, log: Log) => MailboxDriver;

const driversOf: Readonly<Record<IncomingProtocol, CreateDriver>> = {
	imap: createImapDriver,
	pop3: createPop3Driver,
};

/** The driver of the connector's incoming protocol. Opens nothing. */
export function createMailboxDriver(connector: Connector, log: Log): MailboxDriver {
	return driversOf[connector.incoming?.protocol ?? 'imap'](connector, log);
}
