import type { ClientCertificate, Connector } from '../../mail/connector';
import { toConnector } from './connector';
import { type ConnectorField, fieldLabels } from './connector-data';
import { type ConnectorProfile, toSendingProfile } from './connector-profile';
import type { ConnectorContext } from './credential-connector';
import { toGraphConnector, toGraphProfile } from './graph-connector';
import { graphFieldLabels } from './graph-connector-data';
import { toGraphOAuth2Connector, toGraphOAuth2Profile } from './graph-oauth2-connector';
import { createAccessTokens } from './n8n-access-tokens';
import { toOAuth2Connector, toOAuth2Profile } from './oauth2-connector';
import {
	readCertificate,
	toCertificateConnector,
	toCertificateProfile,
} from './office365-certificate';
import { certificateFieldLabels } from './office365-certificate-data';

/** What is to be known of a credential type whose connectors can send. */
export interface ConnectorType {
	readonly fields: readonly string[];
	/** Throws MailError `settings.invalid`. */
	readonly toConnector: (data: unknown, name?: string) => Connector;
	/** See `toSendingProfile`. */
	readonly toSendingProfile: (data: unknown, name?: string) => ConnectorProfile;
	/** The certificate that the connector is about, where it is about one. Throws MailError `settings.invalid`. */
	readonly readCertificate?: (data: unknown) => ClientCertificate | undefined;
}

const sharedFields: ConnectorField[] = [
	'primaryAddress',
	'fromName',
	'fromAddress',
	'replyTo',
	'signatureText',
	'signatureHtml',
	'sentCopy',
	'testAddress',
	'description',
	'connectionTimeoutMs',
	'messagesPerSecond',
	'parallelConnections',
	'proxyUrl',
	'caPem',
	'pinnedFingerprint',
	'minTlsVersion',
	'allowUntrusted',
];

/** Credential types whose connectors sign in without a browser, so that an administrator can write one down as JSON. */
export const connectorTypes = {
	smtpImapApi: { fields: Object.keys(fieldLabels), toConnector, toSendingProfile },
	microsoftGraphMailApi: {
		fields: [...Object.keys(graphFieldLabels), ...Object.keys(fieldLabels)],
		toConnector: toGraphConnector,
		toSendingProfile: toGraphProfile,
	},
	office365CertificateApi: {
		fields: [...Object.keys(certificateFieldLabels), ...sharedFields],
		toConnector: toCertificateConnector,
		toSendingProfile: toCertificateProfile,
		readCertificate,
	},
} as const satisfies Record<string, ConnectorType>;

/** As `ConnectorType`, of one whose sign-in n8n holds and renews. */
interface BrowserConnectorType extends Pick<ConnectorType, 'toSendingProfile'> {
	readonly toConnector: (data: unknown, context: ConnectorContext, name?: string) => Connector;
}

/** Credential types that are connected in a browser. */
export const browserConnectorTypes = {
	smtpImapOAuth2Api: {
		toConnector: (data, context, name) =>
			toOAuth2Connector(data, createAccessTokens(context, 'smtpImapOAuth2Api'), name),
		toSendingProfile: toOAuth2Profile,
	},
	microsoftGraphMailOAuth2Api: {
		toConnector: (data, context, name) =>
			toGraphOAuth2Connector(
				data,
				createAccessTokens(context, 'microsoftGraphMailOAuth2Api'),
				name,
			),
		toSendingProfile: toGraphOAuth2Profile,
	},
} as const satisfies Record<string, BrowserConnectorType>;

export type ConnectorTypeName = keyof typeof connectorTypes;

export function isConnectorTypeName(name: unknown): name is ConnectorTypeName {
	return typeof name === 'string' && Object.hasOwn(connectorTypes, name);
}
