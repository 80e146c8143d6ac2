import type { Connector } from '../../mail/connector';
import { Secret } from '../../mail/secret';
import { imapConnector, type ImapConnectorOptions } from '../mail/drivers/imap/imap-connector';

export interface Pop3ConnectorOptions extends ImapConnectorOptions {
	readonly accessToken?: string;
}

/** A connector with an incoming side only. */
export function pop3Connector(options: Pop3ConnectorOptions): Connector {
	const connector = imapConnector(options);
	const { incoming } = connector;
	if (incoming === undefined) throw new Error('no incoming side');
	const { accessToken } = options;
	const login =
		accessToken === undefined
			? incoming.login
			: { ...incoming.login, accessToken: new Secret(accessToken) };
	return { ...connector, incoming: { ...incoming, protocol: 'pop3', login } };
}
