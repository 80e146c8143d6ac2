/**
 * The kinds of connector that a node may choose; each is the credential type of this name. The first one is chosen in a
 * new node, and in one that was saved before there was a choice.
 */
export const connectorKinds = {
	microsoftGraphMailApi: {
		displayName: 'Microsoft Graph',
		testedBy: 'microsoftGraphConnectionTest',
	},
	// n8n calls no test function for types of OAuth2; this one has a test request of its own.
	microsoftGraphMailOAuth2Api: { displayName: 'Microsoft Graph OAuth2' },
	smtpImapApi: { displayName: 'SMTP/IMAP', testedBy: 'smtpImapConnectionTest' },
	office365CertificateApi: {
		displayName: 'Office 365 Certificate',
		testedBy: 'office365CertificateConnectionTest',
	},
	smtpImapOAuth2Api: { displayName: 'SMTP/IMAP OAuth2' },
} as const satisfies Record<string, { displayName: string; testedBy?: string }>;

export type ConnectorKind = keyof typeof connectorKinds;

export const USUAL_KIND: ConnectorKind = 'smtpImapApi';

export function isConnectorKind(value: unknown): value is ConnectorKind {
	return typeof value === 'string' && Object.hasOwn(connectorKinds, value);
}

/** What the parameter "Connector" of Send Email offers beside the kinds: what an administrator has set for this n8n. */
export const DEFAULT_CONNECTOR = 'default';
export const DEFAULT_CONNECTOR_NAME = 'Default of This n8n';
