import * as z from 'zod';
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

/** What a process of its own has to know of an account of the tenant. */
export const graphAccess = z.object({
	protocol: z.literal('graph'),
	origin: z.string(),
	authorityPem: z.string(),
	mailbox: z.string(),
	clientId: z.string(),
	token: z.string(),
});
export type GraphAccess = z.infer<typeof graphAccess>;

/** Of an app that may read and write every mailbox. */
export function toGraphAccess(tenant: MicrosoftTenant, mailbox: string): GraphAccess {
	const application = tenant.registerApplication({
		appPermissions: ['Mail.ReadWrite', 'Mail.Send'],
	});
	return {
		protocol: 'graph',
		origin: tenant.url,
		authorityPem: tenant.authorityPem,
		mailbox,
		clientId: application.clientId,
		token: tenant.tokenFor(application),
	};
}

/** An account of the tenant that an app reads, as `createGraphDriver` wants it. */
export function graphConnector(tenant: MicrosoftTenant, mailbox: string): Connector {
	return toGraphConnector(toGraphAccess(tenant, mailbox));
}

export function toGraphConnector(access: GraphAccess): Connector {
	const { origin, mailbox, clientId } = access;
	const tls = {
		minVersion: 'TLSv1.2',
		allowUntrusted: false,
		caPem: access.authorityPem,
	} as const;
	const https = createHttps({ tls, timeoutMs: 5_000 });
	const incoming: GraphAccount = {
		protocol: 'graph',
		origin,
		mailbox,
		signInKey: clientId,
		transport: createTokenTransport(new ScriptedTokens(access.token), https),
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
