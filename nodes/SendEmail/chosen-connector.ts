import type { IExecuteFunctions } from 'n8n-workflow';
import type { Connector } from '../../mail/connector';
import { MailError } from '../../mail/errors';
import type { ConnectorProfile } from '../bridge/connector-profile';
import { connectorTypes } from '../bridge/connector-type';
import { readDefaultConnector } from '../bridge/default-connector';
import {
	type ConnectorKind,
	connectorKinds,
	DEFAULT_CONNECTOR,
	DEFAULT_CONNECTOR_NAME,
	isConnectorKind,
} from './connector-kind';

type Context = Pick<IExecuteFunctions, 'getNode' | 'getCredentials'>;

/** The connector that the node asks for. Throws `settings.invalid` and `connector.noDefault`. */
export async function readChosenConnector(context: Context): Promise<Connector> {
	const kind = readChoice(context);
	if (kind !== DEFAULT_CONNECTOR) {
		const { data, name } = await readCredential(context, kind);
		return connectorTypes[kind].toConnector(data, name);
	}
	const connector = await readDefaultConnector();
	if (connector === undefined) throw new MailError('connector.noDefault');
	return connector;
}

/**
 * What of it counts where its mail leaves by another one. Without `identity`: the node leaves the connector to the
 * administrator, who has set none but the other one. Throws also what `toSendingProfile` throws.
 */
export async function readChosenProfile(
	context: Context,
): Promise<Pick<ConnectorProfile, 'name'> & Partial<ConnectorProfile>> {
	const kind = readChoice(context);
	if (kind !== DEFAULT_CONNECTOR) {
		const { data, name } = await readCredential(context, kind);
		return connectorTypes[kind].toSendingProfile(data, name);
	}
	const { name, identity } = (await readDefaultConnector()) ?? { name: DEFAULT_CONNECTOR_NAME };
	return { name, identity };
}

/** Read from the node itself: who can bring an expression into an item must not choose the sender. */
function readChoice(context: Context): ConnectorKind | typeof DEFAULT_CONNECTOR {
	const { connector = 'smtpImapApi' } = context.getNode().parameters;
	if (connector === DEFAULT_CONNECTOR || isConnectorKind(connector)) return connector;
	throw new MailError('settings.invalid', {
		subject: 'Connector: must be chosen from the list, an expression is not taken',
		remedy: `Choose one of these: ${[
			DEFAULT_CONNECTOR_NAME,
			...Object.values(connectorKinds).map(({ displayName }) => displayName),
		].join(', ')}.`,
	});
}

async function readCredential(context: Context, kind: ConnectorKind) {
	const data = await context.getCredentials(kind);
	return { data, name: context.getNode().credentials?.[kind]?.name };
}
