import type { ICredentialTestFunction } from 'n8n-workflow';
import type { ConnectorKind, connectorKinds } from './connector-kind';

type Kinds = typeof connectorKinds;
type TestedKind = {
	[Kind in ConnectorKind]: Kinds[Kind] extends { testedBy: string } ? Kind : never;
}[ConnectorKind];

function testOf(kind: TestedKind): ICredentialTestFunction {
	return async (credential) => {
		const { testConnector } = await import('../runtime');
		return await testConnector(kind, credential);
	};
}

/** The `methods.credentialTest` of each node: n8n asks the first node that it meets with a connector of the kind. */
export const connectorTests: Record<Kinds[TestedKind]['testedBy'], ICredentialTestFunction> = {
	microsoftGraphConnectionTest: testOf('microsoftGraphMailApi'),
	office365CertificateConnectionTest: testOf('office365CertificateApi'),
	smtpImapConnectionTest: testOf('smtpImapApi'),
};
