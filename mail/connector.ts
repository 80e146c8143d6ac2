import type { AccessTokens } from './access-token';
import type { Secret } from './secret';

/**
 * How a connection is protected.
 * `tls`: TLS from the first byte (RFC 8314). `starttls`: must be upgraded, otherwise the connection fails.
 * `starttlsIfOffered`: upgraded where the server offers it. `none`: clear text.
 */
export type Security = 'tls' | 'starttls' | 'starttlsIfOffered' | 'none';

export interface Server {
	readonly host: string;
	readonly port: number;
	readonly security: Security;
}

export interface PasswordLogin {
	readonly user: string;
	readonly password: Secret;
	readonly tokens?: undefined;
}

/** Signs in by SASL XOAUTH2. */
export interface TokenLogin {
	/** The mailbox: of a shared one its own address, whoever the token was given to. */
	readonly user: string;
	readonly tokens: AccessTokens;
	readonly password?: undefined;
}

export type Login = PasswordLogin | TokenLogin;

export type IncomingProtocol = 'imap' | 'pop3';

export interface IncomingServer extends Server {
	readonly protocol: IncomingProtocol;
	readonly login: Login;
	/**
	 * A shared or delegated mailbox that the same login may open: the authorisation identity of
	 * SASL PLAIN (RFC 4616, section 2).
	 */
	readonly additionalMailbox?: string;
}

export interface OutgoingServer extends Server {
	readonly protocol?: 'smtp';
	/** Absent: the server relays without sign-in, or by client certificate. */
	readonly login?: Login;
}

/** One HTTP request to Microsoft Graph. */
export interface GraphRequest {
	readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
	/** Without Authorization. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string | Uint8Array;
	readonly signal?: AbortSignal;
}

/** Sends requests as the account: who holds its sign-in puts the token in, and renews it. */
export interface GraphTransport {
	/**
	 * Resolves with any answer, of whatever status, once its head is there; redirects are not followed. Throws MailError
	 * where there is none.
	 *
	 * @param url whole, at the account's `origin`
	 */
	fetch(url: string, request: GraphRequest): Promise<Response>;
}

/** A mailbox that is read and sent from by Microsoft Graph. */
export interface GraphAccount {
	readonly protocol: 'graph';
	/** `https://graph.microsoft.com`, or that of a national cloud. */
	readonly origin: string;
	/** Address or object id; undefined: the mailbox of who has signed in (`/me`). */
	readonly mailbox?: string;
	/** Where the mailbox is that of who has signed in: its address, as far as the user has said it. */
	readonly ownAddress?: string;
	/** Equal for the same sign-in; holds no secret. */
	readonly signInKey: string;
	readonly transport: GraphTransport;
}

/** Who the mail is from, and what stands below it. */
export interface Identity {
	/** The address of the mailbox; where several addresses share it, the main one. */
	readonly primaryAddress: string;
	readonly fromName?: string;
	/** Defaults to `primaryAddress`. */
	readonly fromAddress: string;
	readonly replyTo?: string;
	readonly signature?: { readonly text?: string; readonly html?: string };
	readonly description?: string;
}

export interface ClientCertificate {
	/** PKCS#12 file, base64. */
	readonly pfxBase64: Secret;
	readonly passphrase: Secret;
}

export type MinimumTlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

export interface TlsPolicy {
	/** Additional certificate authorities, PEM. They replace the built-in list, as in Node. */
	readonly caPem?: string;
	/** SHA-256 fingerprint of the server's certificate, 64 lower-case hex digits; it then replaces the chain check. */
	readonly pinnedFingerprint?: string;
	readonly minVersion: MinimumTlsVersion;
	readonly clientCertificate?: ClientCertificate;
	/** True gives up every check of the server's certificate. */
	readonly allowUntrusted: boolean;
}

export interface ConnectorLimits {
	/** For DNS, TCP, TLS and greeting together; also the longest wait for an answer while connecting. */
	readonly connectionTimeoutMs: number;
	/** 0: unlimited. */
	readonly messagesPerSecond: number;
	readonly parallelConnections: number;
}

export type SentCopyPolicy = 'automatic' | 'always' | 'never';

/** One mail account, described once. Built from a credential by the bridge; validated, nothing optional left open. */
export interface Connector {
	/** What the user knows it by: n8n's credential name where the host tells it, otherwise the address. */
	readonly name: string;
	readonly enabled: boolean;
	readonly incoming?: IncomingServer | GraphAccount;
	readonly outgoing?: OutgoingServer | GraphAccount;
	readonly identity: Identity;
	/** By which the account signs in; that of `tls` is shown to mail servers. */
	readonly signInCertificate?: ClientCertificate;
	readonly tls: TlsPolicy;
	readonly limits: ConnectorLimits;
	/** `http://`, `https://`, `socks5://` URL, perhaps with user and password. */
	readonly proxyUrl?: Secret;
	/** Whether a sent mail is copied to the Sent folder. `automatic`: unless the provider does it by itself. */
	readonly sentCopy: SentCopyPolicy;
	/** Where the connector's test sends a test e-mail; absent: it sends none. */
	readonly testAddress?: string;
}

/** One whose mail goes by IMAP, POP3 and SMTP. */
export interface ServerConnector extends Connector {
	readonly incoming?: IncomingServer;
	readonly outgoing?: OutgoingServer;
}

/** The mail account that a connector's incoming side reads: stable across renames and edits of other fields. */
export function accountKey(incoming: IncomingServer | GraphAccount): string {
	if (incoming.protocol === 'graph') {
		return `graph://${toMailboxName(incoming)}@${new URL(incoming.origin).host}`;
	}
	const mailbox = incoming.additionalMailbox ?? incoming.login.user;
	return `${incoming.protocol}://${mailbox.toLowerCase()}@${incoming.host.toLowerCase()}:${incoming.port}`;
}

/** By which a mailbox is known within its service; where nobody has said whose `/me` is, only the sign-in tells. */
export function toMailboxName({ mailbox, ownAddress, signInKey }: GraphAccount): string {
	return (mailbox ?? ownAddress)?.toLowerCase() ?? signInKey;
}
