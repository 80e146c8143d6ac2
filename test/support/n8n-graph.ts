import type { CredentialData } from '../../tools/n8n/rest';
import type { CredentialReference, WorkflowNode } from '../../tools/n8n/workflow';
import type { Application } from './microsoft-tenant/directory/application';
import type { MicrosoftTenant } from './microsoft-tenant/tenant';

export const GRAPH_CONNECTOR = 'microsoftGraphMailApi';

/** What the form of a connector for a mailbox of the tenant holds, its app signing in by the first of its secrets. */
export function toGraphConnector(
	tenant: MicrosoftTenant,
	application: Application,
	mailbox: string,
	changes: CredentialData['data'] = {},
): CredentialData {
	const { host } = new URL(tenant.url);
	return {
		name: mailbox,
		type: GRAPH_CONNECTOR,
		data: {
			useFor: 'both',
			signIn: 'clientSecret',
			tenant: tenant.directory.tenantId,
			clientId: application.clientId,
			clientSecret: application.secrets[0] ?? '',
			mailbox,
			cloud: 'other',
			loginHost: host,
			graphHost: host,
			scope: 'https://graph.microsoft.com/.default',
			caPem: tenant.authorityPem,
			...changes,
		},
	};
}

/** A node as `toTrigger`, `toSender` and `toMailbox` make it, with a connector by Graph. */
export function byGraph(node: WorkflowNode, connector: CredentialReference): WorkflowNode {
	return {
		...node,
		parameters: { connector: GRAPH_CONNECTOR, ...node.parameters },
		credentials: { [GRAPH_CONNECTOR]: connector },
	};
}
