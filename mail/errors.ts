/** What the user reads for a code: `title` says what failed, `remedy` what to do. `{}` in them is never expanded. */
export interface MailErrorText {
	readonly title: string;
	readonly remedy: string;
}

/** One row per fault: the only place where a code becomes words. */
export const mailErrorTexts = {
	'auth.rejected': {
		title: 'The server rejected the user name or password',
		remedy:
			'Check the user name and password in the connector. Many providers want an app password instead of the account password, or IMAP or POP access to be switched on first.',
	},
	'auth.tokenRejected': {
		title: 'The server rejected the OAuth2 sign-in',
		remedy:
			'Open the connector and connect it again. If that does not help, check that the user is the address of the mailbox, that the account may open it, and that IMAP, POP or SMTP is switched on for it.',
	},
	'auth.notConnected': {
		title: 'The connector is not connected to an account',
		remedy: 'Open the connector, connect it, and sign in to the account.',
	},
	'auth.expired': {
		title: 'The OAuth2 sign-in has ended',
		remedy: 'Open the connector and connect it again.',
	},
	'auth.unavailable': {
		title: 'The server does not offer a way to sign in on this connection',
		remedy:
			'Choose TLS or STARTTLS as security: most servers accept a password on a protected connection only. If the server relays without sign-in, set the authentication to None.',
	},
	'auth.required': {
		title: 'The server wants a sign-in before it accepts mail',
		remedy: 'Set the authentication of the outgoing server to User and password.',
	},
	'auth.permission': {
		title: 'The sign-in worked, but a permission is missing',
		remedy: 'Ask the administrator of the mail service to grant it.',
	},
	'auth.locked': {
		title: 'The mail service allows no sign-in for a while',
		remedy: 'Wait, then try again. Too many failed sign-ins lock an account.',
	},
	'auth.certificate': {
		title: 'The client certificate could not be used',
		remedy: 'Check that the .pfx is complete base64 text and that its password is right.',
	},
	'connection.unknownHost': {
		title: 'The server name could not be found',
		remedy: 'Check the spelling of the host in the connector, and that n8n may use DNS.',
	},
	'connection.refused': {
		title: 'The server refused the connection',
		remedy:
			'Check the port in the connector, and that no firewall stands between n8n and the server.',
	},
	'connection.unreachable': {
		title: 'The server could not be reached',
		remedy: 'Check the network of the n8n host: there is no route to the server.',
	},
	'connection.lost': {
		title: 'The connection to the server was lost',
		remedy: 'Try again. If it keeps happening, ask the provider about connection limits.',
	},
	'connection.timeout': {
		title: 'The server did not answer in time',
		remedy:
			'Check host and port. If the server is slow, raise the connection timeout in the connector.',
	},
	'connection.proxy': {
		title: 'The proxy did not let the connection through',
		remedy: 'Check the proxy URL in the connector, and that the proxy allows this host and port.',
	},
	'tls.untrusted': {
		title: "The server's certificate is not trusted",
		remedy:
			'If the server uses its own certificate authority, paste it under CA certificates in the connector, or pin the fingerprint of the certificate.',
	},
	'tls.expired': {
		title: "The server's certificate has expired or is not valid yet",
		remedy: 'Ask the provider to renew it, and check the clock of the n8n host.',
	},
	'tls.wrongHost': {
		title: "The server's certificate is for another host name",
		remedy: 'Use the host name that the certificate names.',
	},
	'tls.fingerprint': {
		title: "The server's certificate does not have the pinned fingerprint",
		remedy:
			'If the provider has renewed the certificate, put the new fingerprint into the connector. Otherwise somebody may be intercepting the connection.',
	},
	'tls.plainServer': {
		title: 'The server does not speak TLS on this port',
		remedy: 'Choose STARTTLS as security, or the port that the provider names for TLS.',
	},
	'tls.expected': {
		title: 'The server speaks TLS on this port, the connector does not',
		remedy: 'Choose TLS as security in the connector.',
	},
	'tls.noStarttls': {
		title: 'The server does not offer STARTTLS',
		remedy: 'Choose TLS as security and the port that the provider names for it.',
	},
	'tls.failed': {
		title: 'No protected connection could be agreed with the server',
		remedy: 'Check the minimum TLS version in the connector against what the server supports.',
	},
	'server.throttled': {
		title: 'The server asks to slow down',
		remedy:
			'Lower the messages per second or the parallel connections in the connector, or wait a while.',
	},
	'server.tooManyConnections': {
		title: 'The server allows no more connections for this mailbox',
		remedy:
			'Close other mail programs that use the mailbox, or have fewer workflows read it at the same time. Some servers count a connection for a few minutes after it has ended.',
	},
	'server.unavailable': {
		title: 'The server cannot serve the request now',
		remedy: 'Try again later. If it lasts, ask the provider.',
	},
	'server.protocol': {
		title: 'The server gave an answer that does not fit the protocol',
		remedy: 'Check that host and port belong to the right service.',
	},
	'server.noUidl': {
		title: 'The POP3 server does not give its e-mails lasting names (UIDL)',
		remedy:
			'Without them nobody can tell new e-mails from old ones. Use IMAP if the provider offers it.',
	},
	'mailbox.missing': {
		title: 'The folder does not exist',
		remedy: 'Pick the folder from the list, or check its path.',
	},
	'mailbox.readOnly': {
		title: 'The folder may only be read',
		remedy: 'Set after processing to Nothing, or give the account the right to change the folder.',
	},
	'mailbox.full': {
		title: 'The mailbox is full',
		remedy: 'Free space in the mailbox.',
	},
	'mailbox.changed': {
		title: 'The server has forgotten how far the folder was read',
		remedy: 'Nothing needs to be done: the folder is looked through again.',
	},
	'message.missing': {
		title: 'The e-mail is no longer there',
		remedy: 'It was moved or deleted by somebody else. Nothing needs to be done.',
	},
	'message.unreadable': {
		title: 'The e-mail could not be read',
		remedy: 'The raw source is attached to the item. Look there for what the sender wrote.',
	},
	'message.givenUp': {
		title: 'No attempt with the e-mail succeeded',
		remedy:
			'The executions of this workflow tell why. The e-mail leaves by the error output, with its raw source, and is not tried again.',
	},
	'message.invalid': {
		title: 'The e-mail cannot be sent as it is',
		remedy: 'Correct the field that is named.',
	},
	'message.tooLarge': {
		title: 'The e-mail is larger than the server accepts',
		remedy: 'Send fewer or smaller attachments.',
	},
	'message.rejected': {
		title: 'The server rejected the e-mail',
		remedy: "Read the server's answer: it names its reason.",
	},
	'sender.rejected': {
		title: 'The server does not let this account send from this address',
		remedy: 'Use the address of the account, or an alias that the provider has confirmed.',
	},
	'recipient.rejected': {
		title: 'The server rejected the recipients',
		remedy: 'Check the addresses.',
	},
	'send.uncertain': {
		title: 'The e-mail was handed over, but the answer of the server was lost',
		remedy:
			'It may have been delivered, so it is not sent again by itself. Look into the Sent folder or ask a recipient. The option When Uncertain decides what happens in such a case.',
	},
	'send.cancelled': {
		title: 'The e-mail was not sent, because the execution was stopped',
		remedy: 'Run the workflow again for the e-mails that were not sent.',
	},
	'connector.disabled': {
		title: 'The connector is switched off',
		remedy: 'Switch on Enabled in the connector, or choose another one.',
	},
	'connector.wrongUse': {
		title: 'The connector is not made for this',
		remedy: 'Change Use for in the connector, or choose another one.',
	},
	'connector.noDefault': {
		title: 'No default connector is set',
		remedy:
			'Choose a connector in the node, or ask the administrator to set N8N_EMAIL_DEFAULT_CONNECTOR.',
	},
	'settings.invalid': {
		title: 'A setting is not valid',
		remedy: 'Correct the setting that is named.',
	},
	'settings.outputsMoved': {
		title: 'Outputs have moved: reconnect them, or publish again if it is meant so',
		remedy: 'Reconnect them on the canvas, or publish the workflow again.',
	},
	'engine.unexpected': {
		title: 'An unexpected error occurred',
		remedy: 'Please report it, with the text in brackets.',
	},
	'limit.exceeded': {
		title: 'A limit was exceeded',
		remedy: 'Raise the limit in the options, or handle this e-mail by hand.',
	},
} as const satisfies Record<string, MailErrorText>;

export type MailErrorCode = keyof typeof mailErrorTexts;

export interface MailErrorDetails {
	/** What exactly failed, one clause: `imap.example.com:993`, `route "Invoices", rule 2`. */
	readonly subject?: string;
	/** The server's own words, one line, without secrets. */
	readonly serverReply?: string;
	readonly retryable?: boolean;
	/** How long the server asks to wait. */
	readonly retryAfterMs?: number;
	/** Override the table's words where the driver knows better. */
	readonly title?: string;
	readonly remedy?: string;
	/** The service's own name of the fault: `AADSTS50053`, `ErrorAccessDenied`. */
	readonly serverCode?: string;
	readonly cause?: unknown;
}

/**
 * The one error of the engine. `message` says what failed and what the server answered; `remedy` what to do.
 * Neither holds a secret, a stack or markup.
 */
export class MailError extends Error {
	override readonly name = 'MailError';
	readonly code: MailErrorCode;
	readonly subject?: string;
	readonly serverReply?: string;
	readonly retryable: boolean;
	readonly retryAfterMs?: number;
	readonly title: string;
	readonly remedy: string;
	readonly serverCode?: string;

	constructor(code: MailErrorCode, details: MailErrorDetails = {}) {
		super(toSentence(code, details), { cause: details.cause });
		this.code = code;
		this.subject = details.subject;
		this.serverReply = details.serverReply;
		this.retryable = details.retryable ?? false;
		this.retryAfterMs = details.retryAfterMs;
		this.title = details.title ?? mailErrorTexts[code].title;
		this.remedy = details.remedy ?? mailErrorTexts[code].remedy;
		this.serverCode = details.serverCode;
	}
}

export function isMailError(error: unknown, code?: MailErrorCode): error is MailError {
	return error instanceof MailError && (code === undefined || error.code === code);
}

/** The same fault with other details, and without its cause unless one is given. */
export function withDetails(error: MailError, changes: MailErrorDetails): MailError {
	const { code, title, subject, serverReply, serverCode, retryable, retryAfterMs, remedy } = error;
	return new MailError(code, {
		title,
		subject,
		serverReply,
		serverCode,
		retryable,
		retryAfterMs,
		remedy,
		...changes,
	});
}

const REPLY_LIMIT = 500;

/** A server's answer as one printable line of at most 500 characters. */
export function toReplyLine(reply: string): string {
	const line = reply
		.replace(/[\u0000-\u001f\u007f]+/g, ' ')
		.replace(/<[^<>@]*>/g, ' ')
		.replace(/ {2,}/g, ' ')
		.trim();
	return line.length > REPLY_LIMIT ? `${line.slice(0, REPLY_LIMIT)}…` : line;
}

function toSentence(code: MailErrorCode, details: MailErrorDetails): string {
	const subject = details.subject === undefined ? '' : ` (${details.subject})`;
	const reply =
		details.serverReply === undefined
			? ''
			: `. The server said: ${toReplyLine(details.serverReply)}`;
	return `${details.title ?? mailErrorTexts[code].title}${subject}${reply}`;
}
