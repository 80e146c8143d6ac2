import type { Connector } from '../connector';

/** Shorter ones are found in ordinary words; nothing is hidden by making a sentence unreadable. */
const SHORTEST_SECRET = 4;

/**
 * Makes a function that hides the connector's secrets in what a server says: servers have been seen to repeat the
 * command that they refuse, password and all.
 */
export function createRedaction(connector: Connector): (text: string) => string {
	const { tls, proxyUrl } = connector;
	// Graph's sign-in is not the connector's to know.
	const incoming = connector.incoming?.protocol === 'graph' ? undefined : connector.incoming;
	const outgoing = connector.outgoing?.protocol === 'graph' ? undefined : connector.outgoing;
	const logins = [incoming?.login, outgoing?.login].filter((login) => login !== undefined);
	const secrets = logins.flatMap(({ user, password, accessToken }) => [
		accessToken?.reveal() ?? '',
		password.reveal(),
		toBase64(password.reveal()),
		// SASL PLAIN, RFC 4616: authorisation identity, user and password.
		toBase64(`\0${user}\0${password.reveal()}`),
		toBase64(`${incoming?.additionalMailbox ?? ''}\0${user}\0${password.reveal()}`),
	]);
	const proxyPassword = URL.canParse(proxyUrl?.reveal() ?? '')
		? new URL(proxyUrl?.reveal() ?? '').password
		: '';
	secrets.push(tls.clientCertificate?.passphrase.reveal() ?? '', proxyPassword);
	// The longest first: the base64 of a password may stand in that of a whole sign-in.
	const known = secrets
		.filter((secret) => secret.length >= SHORTEST_SECRET)
		.sort((a, b) => b.length - a.length);
	return (text) => known.reduce((hidden, secret) => hidden.replaceAll(secret, '[secret]'), text);
}

function toBase64(text: string): string {
	return Buffer.from(text).toString('base64');
}
