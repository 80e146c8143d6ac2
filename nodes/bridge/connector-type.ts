import type { Connector } from '../../mail/connector';
import { toConnector } from './connector';
import { fieldLabels } from './connector-data';
import { type ConnectorProfile, toSendingProfile } from './connector-profile';
import { toGraphConnector, toGraphProfile } from './graph-connector';
import { graphFieldLabels } from './graph-connector-data';

/** What is to be known of a credential type whose connectors can send. */
interface ConnectorType {
	readonly fields: readonly string[];
	/** Throws MailError `settings.invalid`. */
	readonly toConnector: (data: unknown, name?: string) => Connector;
	/** See `toSendingProfile`. */
	readonly toSendingProfile: (data: unknown, name?: string) => ConnectorProfile;
}

/** Credential types whose connectors sign in without a browser, so that an administrator can write one down as JSON. */
export const connectorTypes = {
	smtpImapApi: { fields: Object.keys(fieldLabels), toConnector, toSendingProfile },
	microsoftGraphMailApi: {
		fields: [...Object.keys(graphFieldLabels), ...Object.keys(fieldLabels)],
		toConnector: toGraphConnector,
		toSendingProfile: toGraphProfile,
	},
} as const satisfies Record<string, ConnectorType>;

export type ConnectorTypeName = keyof typeof connectorTypes;

export function isConnectorTypeName(name: unknown): name is ConnectorTypeName {
	return typeof name === 'string' && Object.hasOwn(connectorTypes, name);
}
