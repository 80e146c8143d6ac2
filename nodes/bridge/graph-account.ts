import type { Connector, GraphAccount } from '../../mail/connector';
import { createTokenTransport } from '../../mail/drivers/graph/token-transport';
import { createHttps } from '../../mail/drivers/net/https';
import { createMicrosoftTokens, type MicrosoftSignIn } from '../../mail/microsoft';

/** The mailbox, and the host that Graph is at. */
export interface GraphPlace {
	/** With a port where it is not 443. */
	readonly graphHost: string;
	readonly mailbox: string;
}

/**
 * A mailbox that is reached by Graph with a sign-in that is ours. Opens nothing.
 *
 * @param connector how servers are reached
 */
export function createGraphAccount(
	signIn: MicrosoftSignIn,
	{ graphHost, mailbox }: GraphPlace,
	{ tls, proxyUrl, limits }: Pick<Connector, 'tls' | 'proxyUrl' | 'limits'>,
): GraphAccount {
	const network = { tls, proxyUrl, timeoutMs: limits.connectionTimeoutMs };
	const tokens = createMicrosoftTokens(signIn, network);
	return {
		protocol: 'graph',
		origin: `https://${graphHost}`,
		mailbox,
		signInKey: tokens.key,
		transport: createTokenTransport(tokens, createHttps(network)),
	};
}
