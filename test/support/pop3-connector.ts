import type { Connector } from '../../mail/connector';
import { imapConnector, type ImapConnectorOptions } from '../mail/drivers/imap/imap-connector';

export type Pop3ConnectorOptions = ImapConnectorOptions;

/** A connector with an incoming side only. */
export function pop3Connector(options: Pop3ConnectorOptions): Connector {
	const connector = imapConnector(options);
	const { incoming } = connector;
	if (incoming === undefined) throw new Error('no incoming side');
	return { ...connector, incoming: { ...incoming, protocol: 'pop3' } };
}
