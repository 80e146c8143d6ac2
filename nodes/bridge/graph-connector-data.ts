import * as z from 'zod';
import { microsoftCloudNames } from '../../mail/microsoft-cloud';
import { FieldError } from './connector-data';
import {
	choice,
	flag,
	httpsHost,
	isMailboxName,
	MAILBOX_FAULT,
	password,
	text,
} from './connector-field';

/** Names that the UI gives to the own fields of `microsoftGraphMailApi`; the others are those of `smtpImapApi`. */
export const graphFieldLabels = {
	useFor: 'Use For',
	enabled: 'Enabled',
	signIn: 'Sign In As',
	tenant: 'Tenant',
	clientId: 'Client ID',
	clientSecret: 'Client Secret',
	user: 'User',
	password: 'Password',
	mailbox: 'Mailbox',
	cloud: 'Cloud',
	loginHost: 'Sign-In Host',
	graphHost: 'Graph Host',
	scope: 'Scope',
} as const;

export type GraphField = keyof typeof graphFieldLabels;

export const graphSchema = z.object({
	useFor: choice(['both', 'incoming', 'outgoing'], 'both'),
	enabled: flag(true),
	signIn: choice(['clientSecret', 'userPassword'], 'clientSecret'),
	tenant: text,
	clientId: text,
	clientSecret: password,
	user: text,
	password,
	mailbox: text.refine((value) => value === undefined || isMailboxName(value), MAILBOX_FAULT),
	cloud: choice([...microsoftCloudNames, 'other'], 'global'),
	loginHost: httpsHost,
	graphHost: httpsHost,
	scope: text,
});

/** The own fields, checked one by one, with their defaults; empty ones are undefined. */
export type GraphConnectorData = z.infer<typeof graphSchema>;

/** Throws MailError `settings.invalid` that names the first field at fault as the UI does. */
export function parseGraphData(data: unknown): GraphConnectorData {
	return parseGraphFields(graphSchema, graphFieldLabels, data);
}

/** As `parseGraphData`, of a connector with other fields. */
export function parseGraphFields<T>(
	schema: z.ZodType<T>,
	labels: Readonly<Record<string, string>>,
	data: unknown,
): T {
	const result = schema.safeParse(data ?? {});
	if (result.success) return result.data;
	const [issue] = result.error.issues;
	const name = String(issue?.path[0]);
	throw refuse(name, issue?.message ?? 'is not valid', labels);
}

/** Throws MailError `settings.invalid`. */
export function requireGraphField(field: GraphField, value: string | undefined): string {
	if (value === undefined) throw refuse(field, 'must be filled');
	return value;
}

/** Without the value, which may be a secret. */
function refuse(
	field: string,
	fault: string,
	labels: Readonly<Record<string, string>> = graphFieldLabels,
): FieldError {
	return new FieldError(field, fault, {}, labels[field]);
}
