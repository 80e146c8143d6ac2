import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { globalConnectorField } from './global-connector';
import { identityFields } from './smtp-imap/identity';
import { limitFields } from './smtp-imap/limit';
import { serverFields } from './smtp-imap/server';
import { serviceFields } from './smtp-imap/service';
import { tlsFields } from './smtp-imap/tls';

/** One mail account, reached by IMAP and SMTP with a password or a certificate. */
export class SmtpImapApi implements ICredentialType {
	name = 'smtpImapApi';

	displayName = 'SMTP/IMAP Connector API';

	documentationUrl =
		'https://github.com/n8n-nodes-email-connectors/n8n-nodes-email-connectors#smtpimap-connector';

	icon = { light: 'file:connector.svg', dark: 'file:connector.dark.svg' } as const;

	properties: INodeProperties[] = [
		...serviceFields,
		...serverFields,
		...identityFields,
		...limitFields,
		...tlsFields,
		globalConnectorField,
	];
}
