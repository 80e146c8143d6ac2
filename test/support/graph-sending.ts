import type { Connector } from '../../mail/connector';
import { createHttps } from '../../mail/drivers/net/https';
import type { Application } from './microsoft-tenant/directory/application';
import type { User } from './microsoft-tenant/directory/user';
import type { MicrosoftTenant } from './microsoft-tenant/tenant';
import { sendingConnector } from './sending';

/** Who signs in to the tenant, and whose mailbox is used. */
export interface GraphSignIn {
	readonly application: Application;
	/** Absent: the application signs in for itself. */
	readonly user?: User;
	/** Absent: the user's own. */
	readonly mailbox?: string;
}

/** A connector that sends by the tenant's Graph; each request has a token of its own. */
export function graphConnector(
	tenant: MicrosoftTenant,
	{ application, user, mailbox }: GraphSignIn,
	changes: Partial<Connector> = {},
): Connector {
	const tls = { minVersion: 'TLSv1.2', allowUntrusted: false, caPem: tenant.authorityPem } as const;
	const https = createHttps({ tls, timeoutMs: 30_000 });
	const owner = mailbox ?? user?.address ?? '';
	return sendingConnector(
		{ host: 'unused', port: 0 },
		{
			identity: { primaryAddress: owner, fromAddress: owner },
			outgoing: {
				protocol: 'graph',
				origin: tenant.url,
				mailbox,
				// Tests of one process are different accounts.
				signInKey: `${tenant.url} ${user?.address ?? 'app'}`,
				transport: {
					fetch: async (url, { headers, ...request }) => {
						const authorization = `Bearer ${tenant.tokenFor(application, user)}`;
						return await https(url, { ...request, headers: { ...headers, authorization } });
					},
				},
			},
			tls,
			limits: { connectionTimeoutMs: 30_000, messagesPerSecond: 0, parallelConnections: 5 },
			...changes,
		},
	);
}
