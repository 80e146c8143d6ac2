import { parseAddress } from '../../mail/address';
import type {
	ClientCertificate,
	Connector,
	Identity,
	IncomingProtocol,
	IncomingServer,
	Login,
	OutgoingServer,
	Server,
} from '../../mail/connector';
import { isMailError, MailError } from '../../mail/errors';
import { Secret } from '../../mail/secret';
import { servicePresets, type ServerPreset, type ServicePreset } from '../../mail/service-preset';
import {
	fieldLabels,
	parseConnectorData,
	refuseField,
	type ConnectorData,
	type ConnectorField,
} from './connector-data';

/**
 * Reads the decrypted data of an `smtpImapApi` credential: presets and defaults are filled in, everything is checked, secrets
 * are wrapped. Fields that do not apply have no effect.
 *
 * Throws MailError `settings.invalid` that names the field as the UI does.
 *
 * @param name what the user calls it; default: the primary address
 */
export function toConnector(data: unknown, name?: string): Connector {
	const fields = parseConnectorData(data);
	const preset: ServicePreset = servicePresets[fields.emailService];
	const incoming = receives(fields) ? toIncoming(fields, preset) : undefined;
	const outgoing = sends(fields) ? toOutgoing(fields, preset) : undefined;
	const identity = toIdentity(fields, toAccountName(incoming?.login) ?? outgoing?.login?.user);
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
		testAddress: outgoing === undefined ? undefined : toAddress('testAddress', fields.testAddress),
	};
}

/** Throws `connector.disabled` and `connector.wrongUse`, which name the connector. */
export function requireIncoming(connector: Connector): IncomingServer {
	requireEnabled(connector);
	if (connector.incoming !== undefined) return connector.incoming;
	throw wrongUse(connector, 'is for outgoing e-mail only');
}

/** Throws `connector.disabled` and `connector.wrongUse`, which name the connector. */
export function requireOutgoing(connector: Connector): OutgoingServer {
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

/** A service without an incoming server of its own (the relay) is outgoing whatever was chosen before. */
function sendsOnly({ emailService }: ConnectorData): boolean {
	const { incoming, outgoing }: ServicePreset = servicePresets[emailService];
	return incoming === undefined && outgoing !== undefined;
}

function receives(fields: ConnectorData): boolean {
	return fields.useFor !== 'outgoing' && !sendsOnly(fields);
}

function sends(fields: ConnectorData): boolean {
	return fields.useFor !== 'incoming' || sendsOnly(fields);
}

type Authentication = 'none' | 'userPassword' | 'certificate';

function toAuthentication(fields: ConnectorData): Authentication {
	if (sendsOnly(fields)) return fields.relayAuthentication;
	if (fields.emailService !== 'other' || fields.authentication === 'usual') return 'userPassword';
	return fields.authentication;
}

function toProtocol(fields: ConnectorData, { incoming }: ServicePreset): IncomingProtocol {
	if (fields.emailService === 'other') return fields.incomingProtocol;
	return incoming?.protocol ?? 'imap';
}

function toIncoming(fields: ConnectorData, preset: ServicePreset): IncomingServer {
	const protocol = toProtocol(fields, preset);
	return {
		protocol,
		...toServer(preset.incoming, 'incomingHost', fields.incomingHost, {
			port: protocol === 'pop3' ? fields.pop3Port : fields.incomingPort,
			security: fields.incomingSecurity,
		}),
		login: toLogin(fields, 'user', 'password'),
		additionalMailbox: fields.additionalMailbox,
	};
}

function toOutgoing(fields: ConnectorData, preset: ServicePreset): OutgoingServer {
	const server = toServer(preset.outgoing, 'outgoingHost', fields.outgoingHost, {
		port: fields.outgoingPort,
		security: fields.outgoingSecurity,
	});
	if (toAuthentication(fields) !== 'userPassword') return server;
	const own = receives(fields) && !fields.sameCredentials;
	return {
		...server,
		login: own
			? toLogin(fields, 'outgoingUser', 'outgoingPassword')
			: withoutPopMode(toLogin(fields, 'user', 'password')),
	};
}

/** Gmail: `recent:name@gmail.com` is a way of reading by POP, and no account. */
function withoutPopMode(login: Login): Login {
	return { ...login, user: login.user.replace(/^recent:/i, '') };
}

function toAccountName(login: Login | undefined): string | undefined {
	return login === undefined ? undefined : withoutPopMode(login).user;
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

function toLogin(
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

function toIdentity(fields: ConnectorData, user: string | undefined): Identity {
	const primaryAddress =
		toAddress('primaryAddress', fields.primaryAddress) ??
		toAddressOfUser(user) ??
		refuseField('primaryAddress', 'must be filled, because the user name is not an address');
	const { signatureText: text, signatureHtml: html } = fields;
	return {
		primaryAddress,
		fromName: fields.fromName,
		fromAddress: toAddress('fromAddress', fields.fromAddress) ?? primaryAddress,
		replyTo: toAddress('replyTo', fields.replyTo),
		signature: text === undefined && html === undefined ? undefined : { text, html },
		description: fields.description,
	};
}

function toAddressOfUser(user: string | undefined): string | undefined {
	try {
		return user === undefined ? undefined : toAddress('user', user);
	} catch {
		// A user name need not be an address.
		return undefined;
	}
}

function toAddress(field: ConnectorField, value: string | undefined): string | undefined {
	if (value === undefined) return undefined;
	try {
		return parseAddress(value, fieldLabels[field]).address;
	} catch (error) {
		return refuseAddress(field, error);
	}
}

function refuseAddress(field: ConnectorField, error: unknown): never {
	if (!isMailError(error)) return refuseField(field, 'is not an address');
	const { subject, remedy } = error;
	throw new MailError('settings.invalid', { subject, remedy, cause: error });
}

function requireField(field: ConnectorField, value: string | undefined): string {
	return value ?? refuseField(field, 'must be filled');
}
