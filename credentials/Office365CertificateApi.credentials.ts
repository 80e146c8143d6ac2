import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { globalConnectorField } from './global-connector';
import { certificateUsed, likeSmtpImap } from './office365-certificate/condition';
import { serverFields } from './office365-certificate/server';
import { useFields } from './office365-certificate/use';
import { shownWhere } from './smtp-imap/condition';
import { identityFields } from './smtp-imap/identity';
import { limitFields } from './smtp-imap/limit';
import { trustFields } from './smtp-imap/tls';

/** A mailbox of Microsoft 365 that an app signs in to by certificate, or a relay that knows the certificate. */
export class Office365CertificateApi implements ICredentialType {
	name = 'office365CertificateApi';

	displayName = 'Office 365 Certificate Connector API';

	documentationUrl =
		'https://github.com/n8n-nodes-email-connectors/n8n-nodes-email-connectors#office-365-certificate-connector';

	icon = { light: 'file:connector.svg', dark: 'file:connector.dark.svg' } as const;

	properties: INodeProperties[] = [
		...useFields,
		...serverFields,
		...shownWhere(certificateUsed, [
			{
				displayName: 'Certificate (.pfx as Base64)',
				name: 'pfx',
				type: 'string',
				typeOptions: { password: true, rows: 4 },
				default: '',
				required: true,
				description:
					'The .pfx or .p12 file with its private key as base64 text. On a command line: <code>base64 -w0 certificate.pfx</code>.',
			},
			{
				displayName: 'Certificate Password',
				name: 'pfxPassword',
				type: 'string',
				typeOptions: { password: true },
				default: '',
			},
		]),
		...likeSmtpImap(identityFields),
		...likeSmtpImap(limitFields),
		...likeSmtpImap(trustFields),
		globalConnectorField,
	];
}
