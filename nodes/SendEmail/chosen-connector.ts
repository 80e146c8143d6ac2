import type { Connector } from '../../mail/connector';
import { MailError } from '../../mail/errors';
import {
	type ConnectorKind,
	DEFAULT_CONNECTOR,
	DEFAULT_CONNECTOR_NAME,
} from '../bridge/connector-kind';
import type { ConnectorProfile } from '../bridge/connector-profile';
import {
	type ConnectorContext,
	readConnectorOf,
	readKind,
	readProfileOf,
} from '../bridge/credential-connector';
import { readDefaultConnector } from '../bridge/default-connector';

/** The connector that the node asks for. Throws `settings.invalid` and `connector.noDefault`. */
export async function readChosenConnector(context: ConnectorContext): Promise<Connector> {
	const kind = readChoice(context);
	if (kind !== DEFAULT_CONNECTOR) return await readConnectorOf(context, kind);
	const connector = await readDefaultConnector();
	if (connector === undefined) throw new MailError('connector.noDefault');
	return connector;
}

/**
 * What of it counts where its mail leaves by another one. Without `identity`: the node leaves the connector to the
 * administrator, who has set none but the other one. Throws also what `toSendingProfile` throws.
 */
export async function readChosenProfile(
	context: ConnectorContext,
): Promise<Pick<ConnectorProfile, 'name'> & Partial<ConnectorProfile>> {
	const kind = readChoice(context);
	if (kind !== DEFAULT_CONNECTOR) return await readProfileOf(context, kind);
	const { name, identity } = (await readDefaultConnector()) ?? { name: DEFAULT_CONNECTOR_NAME };
	return { name, identity };
}

function readChoice(context: ConnectorContext): ConnectorKind | typeof DEFAULT_CONNECTOR {
	const { connector } = context.getNode().parameters;
	return connector === DEFAULT_CONNECTOR
		? DEFAULT_CONNECTOR
		: readKind(connector, [DEFAULT_CONNECTOR_NAME]);
}
