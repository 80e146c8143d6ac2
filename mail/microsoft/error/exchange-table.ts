import type { MicrosoftFault } from './row';

/** One row per fault. */
export interface ExchangeFault extends MicrosoftFault {
	/** Enhanced status codes (RFC 3463) of its SMTP answers. */
	readonly statuses?: readonly string[];
	/** Its words: of IMAP and POP3 answers, which have no codes, and where other servers use the same status. */
	readonly phrase?: RegExp;
}

/**
 * What Exchange Online answers by SMTP. Each row needs its status and, where there is one, its phrase: other servers use
 * these numbers too.
 */
export const exchangeSmtpFaults: readonly ExchangeFault[] = [
	{
		statuses: ['5.7.139'],
		code: 'auth.rejected',
		title: 'Microsoft does not take this sign-in for sending',
		remedy:
			'If the answer names SmtpClientAuthentication, an administrator can switch on Authenticated SMTP for the mailbox. Otherwise a policy refuses passwords: use a connector with OAuth2 or a certificate.',
	},
	{
		statuses: ['5.7.3'],
		phrase: /authentication unsuccessful/i,
		code: 'auth.rejected',
		title: 'Microsoft rejected the sign-in for sending',
		remedy:
			'Check user and password. With OAuth2: the user must be the mailbox, and Authenticated SMTP must be on for it. With an app: it needs SMTP.SendAsApp with consent, and a service principal in Exchange that was made with the object ID of the enterprise application.',
	},
	{
		statuses: ['5.7.57'],
		code: 'auth.required',
		title: 'Microsoft wants a sign-in before it takes e-mail',
		remedy:
			'Sign in: smtp.office365.com takes nothing without it. To send without one, use the MX host of your domain on port 25 (SMTP relay).',
	},
	{
		statuses: ['5.7.60'],
		code: 'sender.rejected',
		title: 'The account may not send from this address',
		remedy:
			'Use the address of the account as From address, or grant the account Send As on the other one.',
	},
	{
		statuses: ['5.7.30'],
		code: 'auth.rejected',
		title: 'Microsoft no longer takes a password for sending',
		remedy: 'Use a connector with OAuth2 or a certificate.',
	},
	{
		statuses: ['5.7.64'],
		phrase: /TenantAttribution|Relay Access Denied/i,
		code: 'recipient.rejected',
		title: 'No inbound connector of Exchange knows this n8n server',
		remedy:
			'The name in the certificate, or the public IP address, must be the one that the inbound connector names, and the domain of the sender or of the certificate an accepted domain of the organization.',
	},
	{
		statuses: ['5.7.68'],
		phrase: /TenantInboundAttribution|Direct Send/i,
		code: 'recipient.rejected',
		title: 'The organization does not take e-mail that is sent directly',
		remedy:
			'Send through an inbound connector that knows the certificate or the IP address of this n8n server, or use a connector with OAuth2.',
	},
	{
		statuses: ['5.1.8', '5.7.708'],
		phrase: /bad outbound sender|access denied, traffic not accepted/i,
		code: 'sender.rejected',
		title: 'Microsoft has blocked the sender',
		remedy:
			'An administrator unblocks it under Restricted entities in Microsoft Defender, once the reason is found.',
	},
	{
		statuses: ['5.1.90', '5.7.705'],
		code: 'server.throttled',
		title: 'The mailbox or the organization may send no more today',
		remedy:
			'Wait 24 hours. An administrator finds blocked senders under Restricted entities in Microsoft Defender.',
	},
	{
		statuses: ['4.3.2'],
		phrase: /concurrent connections|STOREDRV/i,
		code: 'server.throttled',
		title: 'Too many connections send from this mailbox at a time',
		remedy:
			'Lower the parallel connections in the connector: Microsoft allows three per mailbox. It is tried again by itself.',
		retryable: true,
	},
	{
		statuses: ['4.7.500'],
		code: 'server.throttled',
		title: 'Microsoft takes e-mail of this n8n server more slowly for a while',
		remedy: 'Lower the messages per second in the connector. It is tried again by itself.',
		retryable: true,
	},
];

const MAILBOX_RIGHTS =
	'With an app: it needs the application permission with consent, a service principal in Exchange that was made with the object ID of the enterprise application, and Full Access on the mailbox. With a user: the user must have Full Access on it.';

/** What Exchange Online answers by IMAP and POP3: prose without response codes. */
export const exchangeMailboxFaults: readonly ExchangeFault[] = [
	{
		phrase: /^AUTHENTICATE failed\.?$/,
		code: 'auth.rejected',
		title: 'Microsoft rejected the access token for this mailbox',
		remedy: `IMAP must be switched on for the mailbox. ${MAILBOX_RIGHTS}`,
	},
	{
		phrase: /^(Authentication|Logon) failure: unknown user name or bad password\.?$/,
		code: 'auth.rejected',
		title: 'Microsoft rejected the sign-in to this mailbox',
		remedy: `POP must be switched on for the mailbox. ${MAILBOX_RIGHTS}`,
	},
	{
		phrase: /^LOGIN failed\.?$/,
		code: 'auth.rejected',
		title: 'Microsoft does not take a password here',
		remedy: 'Use a connector with OAuth2 or a certificate.',
	},
	{
		phrase: /\buser is authenticated but not connected\b/i,
		code: 'server.tooManyConnections',
		title: 'The sign-in worked, but the mailbox did not open',
		remedy: `Either too many programs are connected to the mailbox, or the right on it is missing. IMAP must be switched on for the mailbox. ${MAILBOX_RIGHTS}`,
		retryable: true,
	},
];
