import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { globalConnectorField } from './global-connector';
import { incomingUsed, shownWhere } from './smtp-imap/condition';
import { identityFields } from './smtp-imap/identity';
import { limitFields } from './smtp-imap/limit';
import { incomingProtocol, serverFieldsByHand } from './smtp-imap/server';
import { trustFields } from './smtp-imap/tls';
import { accountFields, providerFields, useFields } from './smtp-imap-oauth2/provider';
import { clientFields, signInFields } from './smtp-imap-oauth2/sign-in';

/**
 * One mail account, reached by IMAP or POP3 and SMTP, signed in by OAuth2 (XOAUTH2). n8n holds and renews the tokens.
 *
 * There is no `test`: n8n takes a declarative request only for types of OAuth2, and none of those that such a token is
 * good for proves a mailbox.
 */
export class SmtpImapOAuth2Api implements ICredentialType {
	name = 'smtpImapOAuth2Api';

	extends = ['oAuth2Api'];

	displayName = 'SMTP/IMAP Connector OAuth2 API';

	documentationUrl =
		'https://github.com/n8n-nodes-email-connectors/n8n-nodes-email-connectors#smtpimap-oauth2-connector';

	icon = { light: 'file:connector.svg', dark: 'file:connector.dark.svg' } as const;

	properties: INodeProperties[] = [
		...providerFields,
		...clientFields,
		...signInFields,
		...useFields,
		...accountFields,
		...shownWhere(incomingUsed, [incomingProtocol]),
		...serverFieldsByHand.map((field) => ({
			...field,
			displayOptions: { show: { ...field.displayOptions?.show, provider: ['other'] } },
		})),
		...identityFields,
		...limitFields,
		...trustFields,
		globalConnectorField,
	];
}
