import type {
	ClientCertificate,
	Connector,
	GraphAccount,
	IncomingProtocol,
	IncomingServer,
	Login,
	OutgoingServer,
	Server,
	ServerConnector,
} from '../../mail/connector';
import { MailError } from '../../mail/errors';
import { Secret } from '../../mail/secret';
import { servicePresets, type ServerPreset, type ServicePreset } from '../../mail/service-preset';
import {
	parseConnectorData,
	refuseField,
	type ConnectorData,
	type ConnectorField,
} from './connector-data';
import { toFieldAddress, toIdentity, withoutPopMode } from './connector-identity';
import { receives, sends, toAuthentication } from './connector-use';

/**
 * Reads the decrypted data of an `smtpImapApi` credential: presets and defaults are filled in, everything is checked, secrets
 * are wrapped. Fields that do not apply have no effect.
 *
 * Throws MailError `settings.invalid` that names the field as the UI does.
 *
 * @param name what the user calls it; default: the primary address
 */
export function toConnector(data: unknown, name?: string): ServerConnector {
	const fields = parseConnectorData(data);
	return assembleConnector(
		fields,
		servicePresets[fields.emailService],
		(user, password) => toPasswordLogin(fields, user, password),
		name,
	);
}

/** The login with these fields. */
type ToLogin = (user: 'user' | 'outgoingUser', password: 'password' | 'outgoingPassword') => Login;

/** As `toConnector`, of fields that were checked already. */
export function assembleConnector(
	fields: ConnectorData,
	preset: ServicePreset,
	toLogin: ToLogin,
	name?: string,
): ServerConnector {
	const incoming = receives(fields) ? toIncoming(fields, preset, toLogin) : undefined;
	const outgoing = sends(fields) ? toOutgoing(fields, preset, toLogin) : undefined;
	const user = incoming?.login.user ?? outgoing?.login?.user;
	const identity = toIdentity(fields, user && withoutPopMode(user));
	return {
		name: name ?? identity.primaryAddress,
		enabled: fields.enabled,
		incoming,
		outgoing,
		identity,
		tls: {
			caPem: fields.caPem,
			pinnedFingerprint: fields.pinnedFingerprint,
			minVersion: fields.minTlsVersion,
			clientCertificate: toClientCertificate(fields),
			allowUntrusted: fields.allowUntrusted,
		},
		limits: {
			connectionTimeoutMs: fields.connectionTimeoutMs,
			messagesPerSecond: fields.messagesPerSecond,
			parallelConnections: Math.min(
				fields.parallelConnections,
				preset.outgoingConnections ?? Infinity,
			),
		},
		proxyUrl: fields.proxyUrl === undefined ? undefined : new Secret(fields.proxyUrl),
		sentCopy: incoming?.protocol === 'pop3' ? 'never' : fields.sentCopy,
		testAddress:
			outgoing === undefined ? undefined : toFieldAddress('testAddress', fields.testAddress),
	};
}

/** Throws `connector.disabled` and `connector.wrongUse`, which name the connector. */
export function requireIncoming(connector: Connector): IncomingServer | GraphAccount {
	requireEnabled(connector);
	if (connector.incoming !== undefined) return connector.incoming;
	throw wrongUse(connector, 'is for outgoing e-mail only');
}

/** Throws `connector.disabled` and `connector.wrongUse`, which name the connector. */
export function requireOutgoing(connector: Connector): OutgoingServer | GraphAccount {
	requireEnabled(connector);
	if (connector.outgoing !== undefined) return connector.outgoing;
	throw wrongUse(connector, 'is for incoming e-mail only');
}

function requireEnabled({ enabled, name }: Connector): void {
	if (!enabled) throw new MailError('connector.disabled', { subject: `"${name}"` });
}

function wrongUse({ name }: Connector, use: string): MailError {
	return new MailError('connector.wrongUse', { subject: `"${name}" ${use}` });
}

function toProtocol(fields: ConnectorData, { incoming }: ServicePreset): IncomingProtocol {
	if (fields.emailService === 'other') return fields.incomingProtocol;
	return incoming?.protocol ?? 'imap';
}

function toIncoming(
	fields: ConnectorData,
	preset: ServicePreset,
	toLogin: ToLogin,
): IncomingServer {
	const protocol = toProtocol(fields, preset);
	return {
		protocol,
		...toServer(preset.incoming, 'incomingHost', fields.incomingHost, {
			port: protocol === 'pop3' ? fields.pop3Port : fields.incomingPort,
			security: fields.incomingSecurity,
		}),
		login: toLogin('user', 'password'),
		additionalMailbox: fields.additionalMailbox,
	};
}

function toOutgoing(
	fields: ConnectorData,
	preset: ServicePreset,
	toLogin: ToLogin,
): OutgoingServer {
	const server = toServer(preset.outgoing, 'outgoingHost', fields.outgoingHost, {
		port: fields.outgoingPort,
		security: fields.outgoingSecurity,
	});
	if (toAuthentication(fields) !== 'userPassword') return server;
	const own = receives(fields) && !fields.sameCredentials;
	return {
		...server,
		login: own
			? toLogin('outgoingUser', 'outgoingPassword')
			: withoutPopModeOf(toLogin('user', 'password')),
	};
}

function withoutPopModeOf(login: Login): Login {
	return { ...login, user: withoutPopMode(login.user) };
}

/** What the preset knows wins over fields that the UI has hidden. */
function toServer(
	preset: ServerPreset | undefined,
	field: 'incomingHost' | 'outgoingHost',
	host: string | undefined,
	byHand: Omit<Server, 'host'>,
): Server {
	const { port, security } = preset ?? byHand;
	return { host: preset?.host ?? requireField(field, host), port, security };
}

function toPasswordLogin(
	fields: ConnectorData,
	user: 'user' | 'outgoingUser',
	password: 'password' | 'outgoingPassword',
): Login {
	return {
		user: requireField(user, fields[user]),
		password: new Secret(requireField(password, fields[password])),
	};
}

function toClientCertificate(fields: ConnectorData): ClientCertificate | undefined {
	const toSend = sends(fields) && toAuthentication(fields) === 'certificate';
	const besides = fields.emailService === 'other' && fields.clientCertificate;
	if (!toSend && !besides) return undefined;
	return {
		pfxBase64: new Secret(requireField('pfx', fields.pfx)),
		passphrase: new Secret(fields.pfxPassword ?? ''),
	};
}

/** Throws MailError `settings.invalid`. */
export function requireField(field: ConnectorField, value: string | undefined): string {
	return value ?? refuseField(field, 'must be filled');
}
