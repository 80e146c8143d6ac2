import { DEFAULT_CONNECTOR, DEFAULT_CONNECTOR_NAME } from '../../bridge/connector-kind';
import { connectorProperty } from '../../bridge/connector-property';

export const sendingConnectorProperty = connectorProperty([
	{
		name: DEFAULT_CONNECTOR_NAME,
		value: DEFAULT_CONNECTOR,
		description: 'The connector that the administrator has set for everybody',
	},
]);
