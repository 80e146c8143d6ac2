import type { AccessTokens } from '../access-token';
import type { Connector, Login } from '../connector';
import { withoutSecrets } from '../drivers/net/hide-secret';

export interface Redaction {
	/** The same connector; what it signs in with is known to `redact` from then on. */
	readonly connector: Connector;
	/** The text without the connector's secrets: servers repeat what they refuse, password and all. */
	redact(text: string): string;
}

/** Hides the connector's secrets in what a server says. */
export function createRedaction(connector: Connector): Redaction {
	const { incoming, outgoing, tls, proxyUrl } = connector;
	const secrets = new Set<string>();
	const proxyPassword = URL.canParse(proxyUrl?.reveal() ?? '')
		? new URL(proxyUrl?.reveal() ?? '').password
		: '';
	secrets.add(proxyPassword);
	secrets.add(tls.clientCertificate?.passphrase.reveal() ?? '');
	const note = (login: Login): Login => {
		if (login.tokens !== undefined) return { ...login, tokens: noteTokens(login.tokens) };
		secrets.add(login.password.reveal());
		return login;
	};
	const noteTokens = (tokens: AccessTokens): AccessTokens => ({
		key: tokens.key,
		get: async (signal) => {
			const given = await tokens.get(signal);
			secrets.add(given.token.reveal());
			return given;
		},
		discard: (token) => tokens.discard(token),
	});
	return {
		connector: {
			...connector,
			// Graph's sign-in is not the connector's to know.
			incoming:
				incoming === undefined || incoming.protocol === 'graph'
					? incoming
					: { ...incoming, login: note(incoming.login) },
			outgoing:
				outgoing === undefined || outgoing.protocol === 'graph' || outgoing.login === undefined
					? outgoing
					: { ...outgoing, login: note(outgoing.login) },
		},
		redact: (text) => withoutSecrets(text, [...secrets]),
	};
}
