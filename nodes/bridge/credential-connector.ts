import type { IAllExecuteFunctions } from 'n8n-workflow';
import type { Connector } from '../../mail/connector';
import { MailError, toReplyLine } from '../../mail/errors';
import { type ConnectorKind, connectorKinds, isConnectorKind, USUAL_KIND } from './connector-kind';
import type { ConnectorProfile } from './connector-profile';
import { browserConnectorTypes, connectorTypes, isConnectorTypeName } from './connector-type';

/** What of n8n is needed to read a connector. */
export type ConnectorContext = Pick<IAllExecuteFunctions, 'getNode' | 'getCredentials'> & {
	/** Not the same in all of n8n's contexts. */
	readonly helpers: object;
};

/** The connector that the node has chosen, as n8n has it now. Throws `settings.invalid`. */
export async function readConnector(context: ConnectorContext): Promise<Connector> {
	return await readConnectorOf(context, readKind(context.getNode().parameters['connector']));
}

/** The connector that the node has chosen among those of a kind. Throws `settings.invalid`. */
export async function readConnectorOf(
	context: ConnectorContext,
	kind: ConnectorKind,
): Promise<Connector> {
	const { data, name } = await readCredential(context, kind);
	return isConnectorTypeName(kind)
		? connectorTypes[kind].toConnector(data, name)
		: browserConnectorTypes[kind].toConnector(data, context, name);
}

/** See `toSendingProfile`, whose errors it throws, too. */
export async function readProfileOf(
	context: ConnectorContext,
	kind: ConnectorKind,
): Promise<ConnectorProfile> {
	const { data, name } = await readCredential(context, kind);
	return { ...connectorTypes, ...browserConnectorTypes }[kind].toSendingProfile(data, name);
}

/**
 * Read from the node itself: who can bring an expression into an item must not choose the connector. Throws
 * `settings.invalid`.
 *
 * @param otherNames what the parameter offers beside the kinds
 */
export function readKind(
	chosen: unknown = USUAL_KIND,
	otherNames: readonly string[] = [],
): ConnectorKind {
	if (isConnectorKind(chosen)) return chosen;
	const names = Object.values(connectorKinds).map(({ displayName }) => displayName);
	throw new MailError('settings.invalid', {
		subject: 'Connector: must be chosen from the list, an expression is not taken',
		remedy: `Choose one of these: ${[...otherNames, ...names].join(', ')}.`,
	});
}

async function readCredential(context: ConnectorContext, kind: ConnectorKind) {
	const name = context.getNode().credentials?.[kind]?.name;
	try {
		return { data: await context.getCredentials(kind), name };
	} catch (error) {
		// n8n's own words, as for a connector that was deleted.
		const words = error instanceof Error ? error.message : String(error);
		// eslint-disable-next-line @n8n/community-nodes/require-node-api-error -- becomes n8n's error in one place, at each node's door
		throw new MailError('settings.invalid', {
			subject: `the connector cannot be read: ${toReplyLine(words)}`,
			remedy: 'Choose another connector in the node.',
			cause: error,
		});
	}
}
