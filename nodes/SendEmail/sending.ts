import type { IExecuteFunctions } from 'n8n-workflow';
import type { Connector } from '../../mail/connector';
import type { SendOptions } from '../../mail/outbox';
import type { OutgoingMessage, SendOutcome } from '../../mail/outgoing';
import { toConnector } from '../bridge/connector';
import { toLog } from '../bridge/log';
import { openOutbox } from '../bridge/outbox';

const CREDENTIAL = 'smtpImapApi';

/** Which connector was asked for, and which one sends. */
export interface ConnectorUse {
	readonly asked: string;
	readonly used: string;
}

/** Everything that the operations of one run need to send. */
export interface Sending {
	/** The one in force. */
	readonly connector: Connector;
	readonly use: ConnectorUse;
	/** See `Outbox.send`. */
	send(message: OutgoingMessage, options?: SendOptions): Promise<SendOutcome>;
	/** Ends the connections. Never throws. */
	close(): Promise<void>;
}

/** Opens no connection before the first mail. The caller closes it. Throws what `toConnector` and `openOutbox` throw. */
export async function openSending(context: IExecuteFunctions): Promise<Sending> {
	const node = context.getNode();
	const data = await context.getCredentials(CREDENTIAL);
	const connector = toConnector(data, node.credentials?.[CREDENTIAL]?.name);
	const outbox = openOutbox(connector, toLog(context.logger, node.name));
	return {
		connector,
		use: { asked: connector.name, used: connector.name },
		send: async (message, options) => await outbox.send(message, options),
		close: async () => await outbox.close(),
	};
}
