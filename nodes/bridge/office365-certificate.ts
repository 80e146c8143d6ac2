import type {
	ClientCertificate,
	Connector,
	IncomingProtocol,
	ServerConnector,
} from '../../mail/connector';
import { createMicrosoftTokens, type MicrosoftSignIn } from '../../mail/microsoft';
import { Secret } from '../../mail/secret';
import { toConnector } from './connector';
import type { ConnectorProfile } from './connector-profile';
import { toSendingProfile } from './connector-profile';
import { createGraphAccount, toGraphHosts } from './graph-account';
import {
	type CertificateData,
	parseCertificateData,
	requireCertificateField as required,
} from './office365-certificate-data';
import { toServerPlaces } from './office365-certificate-place';

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
	const byGraph = !isRelay && fields.protocol === 'graph';
	const { host, port } = toOutgoingPlace(fields);
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
		// They are a mail server's. Those of Graph and of its uploads are Microsoft's, on several hosts.
		...(byGraph && { pinnedFingerprint: undefined, allowUntrusted: false }),
	};
}

function toOutgoingPlace(fields: CertificateData) {
	if (fields.use === 'relay') return { host: fields.outgoingHost, port: fields.outgoingPort };
	return fields.protocol === 'graph'
		? { host: 'graph.microsoft.com', port: 443 }
		: toServerPlaces(fields).smtp;
}

function toAppConnector(connector: ServerConnector, fields: CertificateData): Connector {
	const certificate = toClientCertificate(fields);
	const sides =
		fields.protocol === 'graph'
			? toGraphSides(connector, fields, certificate)
			: toServerSides(connector, fields, fields.protocol, certificate);
	const sends = fields.useFor !== 'incoming';
	return {
		...connector,
		...sides,
		incoming: fields.useFor === 'outgoing' ? undefined : sides.incoming,
		outgoing: sends ? sides.outgoing : undefined,
		testAddress: sends ? connector.testAddress : undefined,
		signInCertificate: certificate,
	};
}

function toGraphSides(
	connector: ServerConnector,
	fields: CertificateData,
	certificate: ClientCertificate,
): Pick<Connector, 'incoming' | 'outgoing'> {
	const { graphHost, ...place } = toGraphHosts(fields, required);
	const mailbox = required('mailbox', fields.mailbox);
	const signIn = toSignIn(fields, place, certificate);
	const account = createGraphAccount(signIn, { graphHost, mailbox }, connector);
	return { incoming: account, outgoing: account };
}

function toServerSides(
	{ outgoing, tls, limits, proxyUrl, sentCopy }: ServerConnector,
	fields: CertificateData,
	protocol: IncomingProtocol,
	certificate: ClientCertificate,
): Pick<Connector, 'incoming' | 'outgoing' | 'sentCopy' | 'limits'> {
	const { mailbox, ...place } = toServerPlaces(fields);
	const tokens = createMicrosoftTokens(toSignIn(fields, place, certificate), {
		tls,
		proxyUrl,
		timeoutMs: limits.connectionTimeoutMs,
	});
	const login = { user: required('mailbox', fields.mailbox), tokens };
	const parallelConnections = Math.min(limits.parallelConnections, SENDING_CONNECTIONS);
	return {
		incoming: { protocol, ...mailbox, security: 'tls', login },
		outgoing: outgoing && { ...outgoing, login },
		sentCopy: protocol === 'pop3' || fields.useFor !== 'both' ? 'never' : sentCopy,
		limits: { ...limits, parallelConnections },
	};
}

function toSignIn(
	fields: CertificateData,
	{ loginHost, scope }: { readonly loginHost: string; readonly scope: string },
	certificate: ClientCertificate,
): MicrosoftSignIn {
	return {
		loginHost,
		scope,
		tenant: required('tenant', fields.tenant),
		clientId: required('clientId', fields.clientId),
		proof: { kind: 'certificate', certificate },
	};
}

function toClientCertificate(fields: CertificateData): ClientCertificate {
	return {
		pfxBase64: new Secret(required('pfx', fields.pfx)),
		passphrase: new Secret(fields.pfxPassword ?? ''),
	};
}
