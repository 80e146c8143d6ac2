import type {
	INodeCredentialDescription,
	INodeProperties,
	INodePropertyOptions,
} from 'n8n-workflow';
import { connectorKinds, DEFAULT_CONNECTOR, DEFAULT_CONNECTOR_NAME } from '../connector-kind';

const kinds = Object.entries(connectorKinds);

/** A kind is shown as n8n's own field for its credentials. */
export const connectorCredentials: INodeCredentialDescription[] = kinds.map(
	([name, { testedBy }]) => ({
		name,
		required: true,
		testedBy,
		displayOptions: { show: { connector: [name] } },
	}),
);

const choices: INodePropertyOptions[] = [
	{
		name: DEFAULT_CONNECTOR_NAME,
		value: DEFAULT_CONNECTOR,
		description: 'The connector that the administrator has set for everybody',
	},
	...kinds.map(([value, { displayName: name }]) => ({ name, value })),
];

export const connectorProperty: INodeProperties = {
	displayName: 'Connector',
	name: 'connector',
	type: 'options',
	noDataExpression: true,
	options: choices,
	default: 'smtpImapApi',
};
