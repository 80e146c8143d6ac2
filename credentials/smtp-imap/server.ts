import type { INodeProperties } from 'n8n-workflow';
import {
	accountUsed,
	bothSignIn,
	incomingByHand,
	imapByHand,
	incomingUsed,
	outgoingByHand,
	ownOutgoingAccount,
	pop3ByHand,
	relayOnly,
	shownWhere,
} from './condition';

const security: Pick<INodeProperties, 'type' | 'options' | 'default' | 'description'> = {
	type: 'options',
	options: [
		{
			name: 'TLS',
			value: 'tls',
			description: 'Protected from the first byte; usual on ports 993, 995 and 465',
		},
		{
			name: 'STARTTLS Required',
			value: 'starttls',
			description:
				'Protected before anything is sent, or not at all; usual on ports 143, 110 and 587',
		},
		{
			name: 'STARTTLS if Offered',
			value: 'starttlsIfOffered',
			description: 'Clear text where the server offers no protection: others may read along',
		},
		{
			name: 'None',
			value: 'none',
			description: 'Clear text: others may read the password and the e-mails',
		},
	],
	default: 'tls',
	description: 'How the connection is protected',
};

const port: Pick<INodeProperties, 'type' | 'typeOptions'> = {
	type: 'number',
	typeOptions: { minValue: 1, maxValue: 65535, numberPrecision: 0 },
};

export const incomingProtocol: INodeProperties = {
	displayName: 'Incoming Protocol',
	name: 'incomingProtocol',
	type: 'options',
	options: [
		{
			name: 'IMAP',
			value: 'imap',
			description: 'New emails are noticed at once; folders, flags and moving work',
		},
		{
			name: 'POP3',
			value: 'pop3',
			description:
				'Looks once a minute; one folder, no flags: emails can be left on the server or deleted',
		},
	],
	default: 'imap',
	description: 'How the mailbox is read. Prefer IMAP where the server has both.',
};

const incomingHost: INodeProperties = {
	displayName: 'Incoming Host',
	name: 'incomingHost',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. imap.example.com',
	description: 'The IMAP or POP3 server',
};

const incomingPort: INodeProperties = {
	...port,
	displayName: 'Incoming Port',
	name: 'incomingPort',
	default: 993,
	description: 'Usually 993 with TLS, 143 with STARTTLS',
};

/** A field of its own: n8n's editor gives all fields of one name the default of the first. */
const pop3Port: INodeProperties = {
	...incomingPort,
	name: 'pop3Port',
	default: 995,
	description: 'Usually 995 with TLS, 110 with STARTTLS',
};

const incomingSecurity: INodeProperties = {
	...security,
	displayName: 'Incoming Security',
	name: 'incomingSecurity',
};

const outgoingHost: INodeProperties = {
	displayName: 'Outgoing Host',
	name: 'outgoingHost',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. smtp.example.com',
	description: 'The SMTP server',
};

const outgoingServer: INodeProperties[] = [
	outgoingHost,
	{
		...port,
		displayName: 'Outgoing Port',
		name: 'outgoingPort',
		default: 465,
		description: 'Usually 465 with TLS, 587 with STARTTLS',
	},
	{ ...security, displayName: 'Outgoing Security', name: 'outgoingSecurity' },
];

const noAuthentication = {
	name: 'None',
	value: 'none',
	description: 'The server relays mail of this n8n server without sign-in',
};
const certificateAuthentication = {
	name: 'Certificate (.pfx)',
	value: 'certificate',
	description: 'The server knows this n8n server by its TLS client certificate',
};

const authentication: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	options: [
		noAuthentication,
		{ name: 'User and Password', value: 'userPassword' },
		certificateAuthentication,
	],
	default: 'userPassword',
	description: 'How the outgoing server is signed in to',
};

/** A field of its own: n8n's editor gives all fields of one name the default of the first. */
const relayAuthentication: INodeProperties = {
	...authentication,
	name: 'relayAuthentication',
	options: [noAuthentication, certificateAuthentication],
	default: 'none',
};

const account: INodeProperties[] = [
	{
		displayName: 'User',
		name: 'user',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. support@example.com',
		description: 'The name to sign in with, usually the e-mail address',
	},
	{
		displayName: 'Password',
		name: 'password',
		type: 'string',
		typeOptions: { password: true },
		default: '',
		description: 'Many providers want an app password instead of the password of the account',
	},
];

const additionalMailbox: INodeProperties = {
	displayName: 'Additional Mailbox',
	name: 'additionalMailbox',
	type: 'string',
	default: '',
	placeholder: 'e.g. team@example.com',
	description:
		'A shared or delegated mailbox that this login may open. It is then read instead of your own one.',
};

const sameCredentials: INodeProperties = {
	displayName: 'Use Same Credentials for Outgoing',
	name: 'sameCredentials',
	type: 'boolean',
	default: true,
	description: 'Whether the outgoing server takes the same user and password as the incoming one',
};

const outgoingAccount: INodeProperties[] = [
	{
		displayName: 'Outgoing User',
		name: 'outgoingUser',
		type: 'string',
		default: '',
		required: true,
		description: 'The name to sign in with at the outgoing server',
	},
	{
		displayName: 'Outgoing Password',
		name: 'outgoingPassword',
		type: 'string',
		typeOptions: { password: true },
		default: '',
	},
];

/** Servers where nothing is known of the service. */
export const serverFieldsByHand: INodeProperties[] = [
	...shownWhere(incomingByHand, [incomingHost]),
	...shownWhere(imapByHand, [incomingPort]),
	...shownWhere(pop3ByHand, [pop3Port]),
	...shownWhere(incomingByHand, [incomingSecurity]),
	...shownWhere(outgoingByHand, outgoingServer),
];

/** Servers and sign-in of both sides. */
export const serverFields: INodeProperties[] = [
	...shownWhere(incomingByHand, [incomingProtocol]),
	...serverFieldsByHand,
	...shownWhere(relayOnly, [
		{ ...outgoingHost, placeholder: 'e.g. contoso-com.mail.protection.outlook.com' },
		relayAuthentication,
	]),
	...shownWhere(outgoingByHand, [authentication]),
	...shownWhere(accountUsed, account),
	...shownWhere(bothSignIn, [sameCredentials]),
	...shownWhere(ownOutgoingAccount, outgoingAccount),
	...shownWhere(incomingUsed, [additionalMailbox]),
];
