import type {
	INodeCredentialDescription,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';
import { connectorKinds } from './connector-kind';

const kinds: ReadonlyArray<[string, { displayName: string; testedBy?: string }]> =
	Object.entries(connectorKinds);

/** A kind is shown as n8n's own field for its credentials. */
export const connectorCredentials: INodeCredentialDescription[] = kinds.map(
	([name, { testedBy }]) => ({
		name,
		required: true,
		testedBy,
		displayOptions: { show: { connector: [name] } },
	}),
);

/**
 * Which kind of connector a node uses.
 *
 * @param others choices beside the kinds
 */
export function connectorProperty(others: readonly INodePropertyOptions[] = []): INodeProperties {
	return {
		displayName: 'Connector',
		name: 'connector',
		type: 'options',
		noDataExpression: true,
		options: [...others, ...kinds.map(([value, { displayName: name }]) => ({ name, value }))],
		default: 'smtpImapApi',
		description: 'Which kind of connector to use; the connector itself is chosen above',
	};
}
