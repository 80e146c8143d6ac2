import * as z from 'zod';
import { MailError, type MailErrorDetails } from '../../mail/errors';
import { emailServices } from '../../mail/service-preset';
import {
	caPem,
	choice,
	fingerprint,
	flag,
	host,
	password,
	pfx,
	proxyUrl,
	rate,
	security,
	text,
	whole,
} from './connector-field';

/** Names that the UI gives to the fields of `smtpImapApi`: errors speak of them. */
export const fieldLabels = {
	emailService: 'Email Service',
	useFor: 'Use For',
	enabled: 'Enabled',
	incomingProtocol: 'Incoming Protocol',
	incomingHost: 'Incoming Host',
	incomingPort: 'Incoming Port',
	pop3Port: 'Incoming Port',
	incomingSecurity: 'Incoming Security',
	outgoingHost: 'Outgoing Host',
	outgoingPort: 'Outgoing Port',
	outgoingSecurity: 'Outgoing Security',
	authentication: 'Authentication',
	relayAuthentication: 'Authentication',
	user: 'User',
	password: 'Password',
	sameCredentials: 'Use Same Credentials for Outgoing',
	outgoingUser: 'Outgoing User',
	outgoingPassword: 'Outgoing Password',
	additionalMailbox: 'Additional Mailbox',
	primaryAddress: 'Primary Address',
	fromName: 'From Name',
	fromAddress: 'From Address',
	replyTo: 'Reply-To',
	signatureText: 'Signature (Text)',
	signatureHtml: 'Signature (HTML)',
	sentCopy: 'Copy to Sent Folder',
	testAddress: 'Send a Test Email To',
	description: 'Description',
	connectionTimeoutMs: 'Connection Timeout (Ms)',
	messagesPerSecond: 'Messages per Second',
	parallelConnections: 'Parallel Connections',
	proxyUrl: 'Proxy URL',
	clientCertificate: 'Use Client Certificate',
	pfx: 'Certificate (.pfx as Base64)',
	pfxPassword: 'Certificate Password',
	caPem: 'CA Certificates',
	pinnedFingerprint: 'Pinned Fingerprint',
	minTlsVersion: 'Minimum TLS Version',
	allowUntrusted: 'Allow Untrusted Certificates (Insecure)',
} as const;

export type ConnectorField = keyof typeof fieldLabels;

/** Says `settings.invalid` of one field, which it names as the UI does. `fault` never holds the value: it may be a secret. */
export class FieldError extends MailError {
	/** @param label of a field that is not one of `smtpImapApi` */
	constructor(
		readonly field: string,
		readonly fault: string,
		details: MailErrorDetails = {},
		label = isConnectorField(field) ? fieldLabels[field] : field,
	) {
		super('settings.invalid', { subject: `${label}: ${fault}`, ...details });
	}
}

export function refuseField(field: ConnectorField, fault: string): never {
	throw new FieldError(field, fault);
}

const schema = z.object({
	emailService: choice(emailServices, 'other'),
	useFor: choice(['both', 'incoming', 'outgoing'], 'both'),
	enabled: flag(true),

	incomingProtocol: choice(['imap', 'pop3'], 'imap'),
	incomingHost: host,
	incomingPort: whole(1, 65_535, 993),
	pop3Port: whole(1, 65_535, 995),
	incomingSecurity: security,
	outgoingHost: host,
	outgoingPort: whole(1, 65_535, 465),
	outgoingSecurity: security,
	/** `usual`: what the service asks for, where nothing was chosen. */
	authentication: choice(['usual', 'none', 'userPassword', 'certificate'], 'usual'),
	relayAuthentication: choice(['none', 'certificate'], 'none'),

	user: text,
	password,
	sameCredentials: flag(true),
	outgoingUser: text,
	outgoingPassword: password,
	additionalMailbox: text,

	primaryAddress: text,
	fromName: text,
	fromAddress: text,
	replyTo: text,
	signatureText: text,
	signatureHtml: text,
	sentCopy: choice(['automatic', 'always', 'never'], 'automatic'),
	testAddress: text,
	description: text,

	connectionTimeoutMs: whole(1_000, 300_000, 15_000),
	messagesPerSecond: rate,
	parallelConnections: whole(1, 50, 5),
	proxyUrl,

	clientCertificate: flag(false),
	pfx,
	pfxPassword: password,
	caPem,
	pinnedFingerprint: fingerprint,
	minTlsVersion: choice(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'], 'TLSv1.2'),
	allowUntrusted: flag(false),
});

/** The fields of `smtpImapApi`, checked one by one, with their defaults; empty ones are undefined. */
export type ConnectorData = z.infer<typeof schema>;

/**
 * Checks the decrypted data of a credential field by field. Unknown fields are ignored.
 * Throws MailError `settings.invalid` that names the first field at fault as the UI does.
 */
export function parseConnectorData(data: unknown): ConnectorData {
	return parse(schema, data);
}

const profileSchema = schema.pick({
	emailService: true,
	useFor: true,
	enabled: true,
	authentication: true,
	relayAuthentication: true,
	user: true,
	primaryAddress: true,
	fromName: true,
	fromAddress: true,
	replyTo: true,
	signatureText: true,
	signatureHtml: true,
	description: true,
});

/** What the connector is for and who its mail is from. */
export type ProfileData = z.infer<typeof profileSchema>;

/** As `parseConnectorData`, for these fields alone: faults of others do not matter. */
export function parseProfileData(data: unknown): ProfileData {
	return parse(profileSchema, data);
}

function parse<T>(type: z.ZodType<T>, data: unknown): T {
	const result = type.safeParse(data ?? {});
	if (result.success) return result.data;
	const [issue] = result.error.issues;
	const field = issue?.path[0];
	if (typeof field === 'string' && isConnectorField(field)) {
		return refuseField(field, issue?.message ?? 'is not valid');
	}
	throw new MailError('settings.invalid', { subject: 'the connector has no readable fields' });
}

export function isConnectorField(name: string): name is ConnectorField {
	return Object.hasOwn(fieldLabels, name);
}
