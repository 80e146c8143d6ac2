import type { Connector, GraphAccount } from '../../mail/connector';
import { createTokenTransport } from '../../mail/drivers/graph/token-transport';
import { createHttps } from '../../mail/drivers/net/https';
import { createMicrosoftTokens, type MicrosoftSignIn } from '../../mail/microsoft';
import { type MicrosoftCloudName, microsoftClouds } from '../../mail/microsoft-cloud';

/** What a connector says of its cloud. */
interface CloudFields {
	readonly cloud: MicrosoftCloudName | 'other';
	readonly loginHost?: string;
	readonly graphHost?: string;
	readonly scope?: string;
}

/** Where the app signs in and what for, and the host of Graph. `required` throws where a field is empty. */
export function toGraphHosts(
	fields: CloudFields,
	required: (field: 'loginHost' | 'graphHost', value: string | undefined) => string,
): Pick<MicrosoftSignIn, 'loginHost' | 'scope'> & Pick<GraphPlace, 'graphHost'> {
	if (fields.cloud !== 'other') {
		const { loginHost, graphHost } = microsoftClouds[fields.cloud];
		return { loginHost, graphHost, scope: `https://${graphHost}/.default` };
	}
	const loginHost = required('loginHost', fields.loginHost);
	const graphHost = required('graphHost', fields.graphHost);
	return { loginHost, graphHost, scope: fields.scope ?? `https://${graphHost}/.default` };
}

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
