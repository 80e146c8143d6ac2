import type { ImapFlowOptions } from 'imapflow';
import type { Connector, IncomingServer } from '../../connector';
import { toAsciiHost } from '../net/endpoint';
import type { Connection } from '../net/connection';
import type { ReadyLogin } from '../net/ready-login';
import type { Timing } from './timing';

/** IDLE starts this long after a command; a shorter pause would end it again before the next one, in ms. */
const IDLE_DELAY_MS = 10;

/** Largest literal that a server may announce; the driver asks for at most `PART_CHUNK_BYTES` at a time. */
const LITERAL_BYTES = 32 * 1024 * 1024;
/** Longest line: an envelope with some 100,000 recipients, a search result with a million UIDs. */
const LINE_BYTES = 16 * 1024 * 1024;
const RESPONSE_BYTES = 2 * LITERAL_BYTES;

/** What imapflow has to know; the connection is open already, TLS done. */
export function toImapOptions(
	connector: Connector,
	incoming: IncomingServer,
	connection: Connection,
	timing: Timing,
	login: ReadyLogin,
): ImapFlowOptions {
	const timeoutMs = connector.limits.connectionTimeoutMs;
	return {
		host: toAsciiHost(incoming.host),
		port: incoming.port,
		secure: connection.secured,
		// STARTTLS was done, or decided against, before imapflow came in.
		doSTARTTLS: false,
		transport: {
			connect: (_options, onConnect) => {
				setImmediate(onConnect);
				return connection.socket;
			},
		},
		auth: toAuth(incoming, login),
		connectionTimeout: timeoutMs,
		greetingTimeout: timeoutMs,
		socketTimeout: timing.socketSilenceMs,
		maxIdleTime: timing.idleRenewalMs,
		autoIdleDelay: IDLE_DELAY_MS,
		// Deflate costs a quarter of a megabyte for every idle mailbox.
		disableCompression: true,
		maxLiteralSize: LITERAL_BYTES,
		maxLineLength: LINE_BYTES,
		maxResponseSize: RESPONSE_BYTES,
	};
}

function toAuth({ additionalMailbox }: IncomingServer, login: ReadyLogin): ImapFlowOptions['auth'] {
	if (login.password === undefined) {
		// Microsoft: the user of a shared mailbox is the mailbox.
		return { user: additionalMailbox ?? login.user, accessToken: login.token.token.reveal() };
	}
	const auth = { user: login.user, pass: login.password.reveal() };
	// Only PLAIN has an authorisation identity (RFC 4616, section 2).
	return additionalMailbox === undefined
		? auth
		: { ...auth, authzid: additionalMailbox, loginMethod: 'AUTH=PLAIN' };
}
