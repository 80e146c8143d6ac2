import type { IncomingProtocol, Security } from './connector';

export interface ServerPreset {
	/** Absent: every customer has a host of its own, the user is asked for it. */
	readonly host?: string;
	readonly port: number;
	readonly security: Security;
}

export interface IncomingPreset extends ServerPreset {
	/** Default: IMAP. */
	readonly protocol?: IncomingProtocol;
}

/** What is known of a mail service, so that nobody has to look it up. */
export interface ServicePreset {
	readonly displayName: string;
	/** Absent together with `outgoing`: the user names the servers. Absent alone: the service only sends. */
	readonly incoming?: IncomingPreset;
	readonly outgoing?: ServerPreset;
	/** What people stumble over there; `link` leads to where they can put it right. */
	readonly hint?: string;
	readonly link?: string;
	/** Connections that the service allows one mailbox at a time for sending. */
	readonly outgoingConnections?: number;
}

/** In the order in which they are offered. The keys are stored in credentials: none is ever renamed. */
export const servicePresets = {
	gmailImap: {
		displayName: 'Gmail (IMAP)',
		incoming: { host: 'imap.gmail.com', port: 993, security: 'tls' },
		outgoing: { host: 'smtp.gmail.com', port: 465, security: 'tls' },
		hint: 'Gmail wants an app password, not the password of the account. Switch on 2-Step Verification first, then create one. In Google Workspace the administrator may have switched off IMAP or app passwords.',
		link: 'https://myaccount.google.com/apppasswords',
	},
	gmailPop3: {
		displayName: 'Gmail (POP3)',
		incoming: { protocol: 'pop3', host: 'pop.gmail.com', port: 995, security: 'tls' },
		outgoing: { host: 'smtp.gmail.com', port: 465, security: 'tls' },
		hint: 'Switch on POP in Gmail under Settings, Forwarding and POP/IMAP, and use an app password, not the password of the account. Gmail hides an email as soon as any POP program has read it: put recent: before the user (recent:name@gmail.com) to be given all emails of the last 30 days.',
		link: 'https://myaccount.google.com/apppasswords',
	},
	office365Imap: {
		displayName: 'Office 365 (IMAP)',
		incoming: { host: 'outlook.office365.com', port: 993, security: 'tls' },
		outgoing: { host: 'smtp.office365.com', port: 587, security: 'starttls' },
		hint: 'Microsoft 365 no longer takes passwords for IMAP, and for SMTP only where the administrator allows it. If the sign-in is refused although the password is right, this is the reason.',
		link: 'https://aka.ms/smtp_auth_disabled',
		// "Changes coming to the SMTP Authenticated Submission client protocol", Exchange Team, April 2018.
		outgoingConnections: 3,
	},
	office365Pop3: {
		displayName: 'Office 365 (POP3)',
		incoming: { protocol: 'pop3', host: 'outlook.office365.com', port: 995, security: 'tls' },
		outgoing: { host: 'smtp.office365.com', port: 587, security: 'starttls' },
		hint: 'Microsoft 365 no longer takes passwords for POP, and for SMTP only where the administrator allows it. If the sign-in is refused although the password is right, this is the reason. POP must also be switched on for the mailbox.',
		link: 'https://aka.ms/smtp_auth_disabled',
		outgoingConnections: 3,
	},
	office365Relay: {
		displayName: 'Office 365 SMTP Relay (Sending Only)',
		outgoing: { port: 25, security: 'starttls' },
		hint: 'The host is the MX target of your domain, such as contoso-com.mail.protection.outlook.com. Exchange needs an inbound connector that knows this n8n server by its public IP address (authentication None) or by a certificate. Many cloud providers block port 25.',
	},
	yahoo: {
		displayName: 'Yahoo Mail',
		incoming: { host: 'imap.mail.yahoo.com', port: 993, security: 'tls' },
		outgoing: { host: 'smtp.mail.yahoo.com', port: 465, security: 'tls' },
		hint: 'Yahoo wants an app password, not the password of the account. Create one under Account Security.',
		link: 'https://login.yahoo.com/account/security',
	},
	icloud: {
		displayName: 'iCloud Mail',
		incoming: { host: 'imap.mail.me.com', port: 993, security: 'tls' },
		outgoing: { host: 'smtp.mail.me.com', port: 587, security: 'starttls' },
		hint: 'iCloud wants an app-specific password, not the password of the account. Create one under Sign-In and Security. The user is the address at icloud.com, also where you send from an address of your own domain.',
		link: 'https://account.apple.com',
	},
	zoho: {
		displayName: 'Zoho Mail',
		incoming: { host: 'imap.zoho.com', port: 993, security: 'tls' },
		outgoing: { host: 'smtp.zoho.com', port: 465, security: 'tls' },
		hint: 'Switch on IMAP Access in Zoho under Settings, Mail Accounts; with two-factor authentication create an app password. Accounts of an organization use imappro.zoho.com and smtppro.zoho.com, other data centers end in .eu, .in or .com.au: choose Other for them.',
	},
	fastmail: {
		displayName: 'Fastmail',
		incoming: { host: 'imap.fastmail.com', port: 993, security: 'tls' },
		outgoing: { host: 'smtp.fastmail.com', port: 465, security: 'tls' },
		hint: 'Fastmail wants an app password with access to mail, not the password of the account. Create one under Settings, Privacy & Security.',
	},
	other: { displayName: 'Other' },
} as const satisfies Record<string, ServicePreset>;

export type EmailService = keyof typeof servicePresets;

export const emailServices = Object.keys(servicePresets) as EmailService[];

/** Those that ask for no host, port and security. */
export const providers = emailServices.filter((service) => 'incoming' in servicePresets[service]);

/** Whether a service brings a POP3 server along. */
export function isPop3Service(service: EmailService): boolean {
	const { incoming }: ServicePreset = servicePresets[service];
	return incoming?.protocol === 'pop3';
}

/** The service that a server belongs to, however the connector was described; the port tells IMAP from POP3. */
export function findServiceOf(host: string, port?: number): ServicePreset | undefined {
	const name = host.toLowerCase().replace(/\.$/, '');
	const found = emailServices
		.map((service): ServicePreset => servicePresets[service])
		.filter(({ incoming, outgoing }) => incoming?.host === name || outgoing?.host === name);
	return (
		found.find(({ incoming }) => incoming?.host === name && incoming.port === port) ?? found[0]
	);
}
