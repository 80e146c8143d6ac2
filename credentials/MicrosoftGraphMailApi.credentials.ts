import type { ICredentialType, INodeProperties } from 'n8n-workflow';
import { globalConnectorField } from './global-connector';
import { commonFields } from './microsoft-graph/common';
import { signInFields } from './microsoft-graph/sign-in';

/** A mailbox of Microsoft 365, reached by Microsoft Graph; an app or an account signs in. */
export class MicrosoftGraphMailApi implements ICredentialType {
	name = 'microsoftGraphMailApi';

	displayName = 'Microsoft Graph Mail Connector API';

	documentationUrl =
		'https://github.com/n8n-nodes-email-connectors/n8n-nodes-email-connectors#microsoft-graph-connector';

	icon = { light: 'file:connector.svg', dark: 'file:connector.dark.svg' } as const;

	properties: INodeProperties[] = [...signInFields, ...commonFields, globalConnectorField];
}
