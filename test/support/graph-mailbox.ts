import type { Connector, GraphAccount, GraphTransport } from '../../mail/connector';
import { createTokenTransport } from '../../mail/drivers/graph/token-transport';
import { createHttps } from '../../mail/drivers/net/https';
import { ScriptedTokens } from './access-tokens';
import { type MicrosoftTenant, startMicrosoftTenant } from './microsoft-tenant/tenant';

/** A tenant whose clock never shows a time twice: mails of one second stay in their order. */
export async function startGraphTenant(): Promise<MicrosoftTenant> {
	let last = 0;
	const now = () => (last = Math.max(last + 1, Date.now()));
	return await startMicrosoftTenant({ now });
}

/** An account of the tenant that an app reads, as `createGraphDriver` wants it. */
export function graphConnector(tenant: MicrosoftTenant, mailbox: string): Connector {
	const application = tenant.registerApplication({
		appPermissions: ['Mail.ReadWrite', 'Mail.Send'],
	});
	const tls = {
		minVersion: 'TLSv1.2',
		allowUntrusted: false,
		caPem: tenant.authorityPem,
	} as const;
	const tokens = new ScriptedTokens(tenant.tokenFor(application));
	const https = createHttps({ tls, timeoutMs: 5_000 });
	const incoming: GraphAccount = {
		protocol: 'graph',
		origin: tenant.url,
		mailbox,
		signInKey: application.clientId,
		transport: createTokenTransport(tokens, https),
	};
	return {
		name: mailbox,
		enabled: true,
		incoming,
		outgoing: incoming,
		identity: { primaryAddress: mailbox, fromAddress: mailbox },
		tls,
		limits: { connectionTimeoutMs: 5_000, messagesPerSecond: 0, parallelConnections: 3 },
		sentCopy: 'automatic',
	};
}

/** The same account over a transport that may stand in the way. */
export function withTransport(
	connector: Connector,
	wrap: (transport: GraphTransport) => GraphTransport,
): Connector {
	const { incoming } = connector;
	if (incoming?.protocol !== 'graph') throw new Error('no Graph account');
	return { ...connector, incoming: { ...incoming, transport: wrap(incoming.transport) } };
}
