import type { AccessTokens } from '../../mail/access-token';
import type {
	ClientCertificate,
	Connector,
	IncomingServer,
	OutgoingServer,
	ServerConnector,
} from '../../mail/connector';
import { createMicrosoftTokens } from '../../mail/microsoft';
import { microsoftClouds } from '../../mail/microsoft-cloud';
import { Secret } from '../../mail/secret';
import { toConnector } from './connector';
import type { ConnectorProfile } from './connector-profile';
import { toSendingProfile } from './connector-profile';
import {
	type CertificateData,
	parseCertificateData,
	requireCertificateField as required,
} from './office365-certificate-data';

/** Microsoft allows one mailbox so many connections for sending at a time. */
const SENDING_CONNECTIONS = 3;

/**
 * Reads the decrypted data of an `office365CertificateApi` credential. Opens neither the certificate nor a connection. Throws
 * MailError `settings.invalid` that names the field as the UI does.
 *
 * @param name what the user calls it; default: the primary address
 */
export function toCertificateConnector(data: unknown, name?: string): Connector {
	const fields = parseCertificateData(data);
	const connector = toConnector(toOutgoingData(data, fields), name);
	return fields.use === 'relay' ? connector : toAppConnector(connector, fields);
}

/** See `toSendingProfile`. */
export function toCertificateProfile(data: unknown, name?: string): ConnectorProfile {
	const fields = parseCertificateData(data);
	const useFor = fields.use === 'relay' ? 'outgoing' : fields.useFor;
	return toSendingProfile({ ...toOutgoingData(data, fields), useFor }, name);
}

/** The certificate that the connector is about; undefined where it has none. Throws MailError `settings.invalid`. */
export function readCertificate(data: unknown): ClientCertificate | undefined {
	const fields = parseCertificateData(data);
	const isUsed = fields.use === 'appOnly' || fields.relayAuthentication === 'certificate';
	return isUsed ? toClientCertificate(fields) : undefined;
}

/** As the fields of an `smtpImapApi` that sends by hand-picked server. */
function toOutgoingData(data: unknown, fields: CertificateData): Readonly<Record<string, unknown>> {
	const given: Readonly<Record<string, unknown>> =
		typeof data === 'object' && data !== null ? { ...data } : {};
	const isRelay = fields.use === 'relay';
	const { host, port } = isRelay
		? { host: fields.outgoingHost, port: fields.outgoingPort }
		: toServers(fields).smtp;
	return {
		...given,
		emailService: 'other',
		useFor: 'outgoing',
		clientCertificate: false,
		additionalMailbox: undefined,
		outgoingHost: host,
		outgoingPort: port,
		outgoingSecurity: 'starttls',
		authentication: isRelay ? fields.relayAuthentication : 'none',
		primaryAddress: given['primaryAddress'] || fields.mailbox,
	};
}

function toAppConnector(connector: ServerConnector, fields: CertificateData): Connector {
	const { tls, limits, proxyUrl } = connector;
	const { loginHost, scope, mailbox } = toServers(fields);
	const tokens = createMicrosoftTokens(
		{
			loginHost,
			scope,
			tenant: required('tenant', fields.tenant),
			clientId: required('clientId', fields.clientId),
			proof: { kind: 'certificate', certificate: toClientCertificate(fields) },
		},
		{ tls, proxyUrl, timeoutMs: limits.connectionTimeoutMs },
	);
	const login = { user: required('mailbox', fields.mailbox), tokens };
	const isPop3 = fields.protocol === 'pop3';
	return {
		...connector,
		incoming:
			fields.useFor === 'outgoing' ? undefined : toIncoming(fields.protocol, mailbox, login),
		outgoing: fields.useFor === 'incoming' ? undefined : toOutgoing(connector, login),
		testAddress: fields.useFor === 'incoming' ? undefined : connector.testAddress,
		sentCopy: isPop3 || fields.useFor !== 'both' ? 'never' : connector.sentCopy,
		limits: {
			...limits,
			parallelConnections: Math.min(limits.parallelConnections, SENDING_CONNECTIONS),
		},
	};
}

interface AppLogin {
	readonly user: string;
	readonly tokens: AccessTokens;
}

function toIncoming(
	protocol: CertificateData['protocol'],
	{ host, port }: { host: string; port: number },
	login: AppLogin,
): IncomingServer {
	return { protocol, host, port, security: 'tls', login };
}

function toOutgoing({ outgoing }: ServerConnector, login: AppLogin): OutgoingServer | undefined {
	return outgoing && { ...outgoing, login };
}

/** Where the app signs in, what for, and the servers of the cloud. */
function toServers(fields: CertificateData) {
	if (fields.cloud === 'other') {
		return {
			loginHost: required('loginHost', fields.loginHost),
			scope: required('scope', fields.scope),
			mailbox: required('mailboxServer', fields.mailboxServer),
			smtp: required('smtpServer', fields.smtpServer),
		};
	}
	const { loginHost, outlookHost, smtpHost } = microsoftClouds[fields.cloud];
	return {
		loginHost,
		scope: `https://${outlookHost}/.default`,
		mailbox: { host: outlookHost, port: fields.protocol === 'pop3' ? 995 : 993 },
		smtp: { host: smtpHost, port: 587 },
	};
}

function toClientCertificate(fields: CertificateData): ClientCertificate {
	return {
		pfxBase64: new Secret(required('pfx', fields.pfx)),
		passphrase: new Secret(fields.pfxPassword ?? ''),
	};
}
