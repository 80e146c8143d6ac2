import * as z from 'zod';
import { microsoftCloudNames } from '../../mail/microsoft-cloud';
import { FieldError } from './connector-data';
import {
	choice,
	flag,
	host,
	httpsHost,
	isMailboxName,
	MAILBOX_FAULT,
	password,
	pfx,
	text,
	whole,
} from './connector-field';

/** Names that the UI gives to the own fields of `office365CertificateApi`; the others are those of `smtpImapApi`. */
export const certificateFieldLabels = {
	use: 'Use',
	useFor: 'Use For',
	enabled: 'Enabled',
	tenant: 'Tenant',
	clientId: 'Client ID',
	mailbox: 'Mailbox',
	protocol: 'Protocol',
	cloud: 'Cloud',
	loginHost: 'Sign-In Host',
	graphHost: 'Graph Host',
	scope: 'Scope',
	mailboxServer: 'Mailbox Server',
	smtpServer: 'SMTP Server',
	outgoingHost: 'Outgoing Host',
	outgoingPort: 'Outgoing Port',
	relayAuthentication: 'Authentication',
	pfx: 'Certificate (.pfx as Base64)',
	pfxPassword: 'Certificate Password',
} as const;

export type CertificateField = keyof typeof certificateFieldLabels;

/** `outlook.office365.com:993` */
const server = text.transform((value, context) => {
	if (value === undefined) return undefined;
	const [, name = '', port = ''] = /^([a-z0-9.-]+|\[[0-9a-f:]+\]):(\d{1,5})$/i.exec(value) ?? [];
	if (name === '' || Number(port) < 1 || Number(port) > 65_535) {
		context.addIssue('must be a host name and a port, such as outlook.office365.com:993');
	}
	return { host: name.replace(/^\[|\]$/g, ''), port: Number(port) };
});

const schema = z.object({
	use: choice(['appOnly', 'relay'], 'appOnly'),
	useFor: choice(['both', 'incoming', 'outgoing'], 'both'),
	enabled: flag(true),
	tenant: text,
	clientId: text,
	mailbox: text,
	/** n8n stores no value that is a default: from the first release on another default would change what saved connectors mean. */
	protocol: choice(['imap', 'pop3', 'graph'], 'graph'),
	cloud: choice([...microsoftCloudNames, 'other'], 'global'),
	loginHost: text,
	graphHost: httpsHost,
	scope: text,
	mailboxServer: server,
	smtpServer: server,
	outgoingHost: host,
	outgoingPort: whole(1, 65_535, 25),
	relayAuthentication: choice(['certificate', 'none'], 'certificate'),
	pfx,
	pfxPassword: password,
});

const checkedSchema = schema.superRefine(({ use, protocol, mailbox }, context) => {
	const byGraph = use === 'appOnly' && protocol === 'graph';
	if (byGraph && mailbox !== undefined && !isMailboxName(mailbox)) {
		context.addIssue({ code: 'custom', path: ['mailbox'], message: MAILBOX_FAULT });
	}
});

/** The own fields of `office365CertificateApi`, checked one by one, with their defaults; empty ones are undefined. */
export type CertificateData = z.infer<typeof schema>;

/** Throws MailError `settings.invalid` that names the first field at fault as the UI does. */
export function parseCertificateData(data: unknown): CertificateData {
	const result = checkedSchema.safeParse(data ?? {});
	if (result.success) return result.data;
	const [issue] = result.error.issues;
	const name = String(issue?.path[0]);
	const field = isCertificateField(name) ? name : 'use';
	return refuseCertificateField(field, issue?.message ?? 'is not valid');
}

export function refuseCertificateField(field: CertificateField, fault: string): never {
	throw new FieldError(field, fault, {}, certificateFieldLabels[field]);
}

/** Throws MailError `settings.invalid`. */
export function requireCertificateField<T>(field: CertificateField, value: T | undefined): T {
	return value ?? refuseCertificateField(field, 'must be filled');
}

function isCertificateField(name: string): name is CertificateField {
	return Object.hasOwn(certificateFieldLabels, name);
}
