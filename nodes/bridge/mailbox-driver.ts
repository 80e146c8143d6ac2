import type { Connector, IncomingProtocol } from '../../mail/connector';
import { MailError } from '../../mail/errors';
import { createImapDriver } from '../../mail/drivers/imap';
import { createPop3Driver } from '../../mail/drivers/pop3';
import type { Log, MailboxDriver } from '../../mail/ports';

type CreateDriver = (connector: Connector, log: Log) => MailboxDriver;

const driversOf: Readonly<Partial<Record<IncomingProtocol | 'graph', CreateDriver>>> = {
	imap: createImapDriver,
	pop3: createPop3Driver,
};

/** The driver of the connector's incoming protocol. Opens nothing. */
export function createMailboxDriver(connector: Connector, log: Log): MailboxDriver {
	const protocol = connector.incoming?.protocol ?? 'imap';
	const create = driversOf[protocol];
	if (create === undefined) throw new MailError('connector.wrongUse', { subject: connector.name });
	return create(connector, log);
}
