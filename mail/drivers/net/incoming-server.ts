import type { Connector, IncomingServer } from '../../connector';
import { MailError } from '../../errors';

/** The server that mail is received from. Throws `connector.disabled` and `connector.wrongUse`. */
export function requireIncomingServer(connector: Connector): IncomingServer {
	if (!connector.enabled) throw new MailError('connector.disabled', { subject: connector.name });
	const { incoming } = connector;
	if (incoming !== undefined && incoming.protocol !== 'graph') return incoming;
	throw new MailError('connector.wrongUse', { subject: connector.name });
}
