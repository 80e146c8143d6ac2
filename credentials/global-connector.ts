import type { INodeProperties } from 'n8n-workflow';

/**
 * Where an administrator's credential overwrite puts the global connector; every connector type has this field. It
 * is a place for n8n's service of overwrites alone, which nodes/bridge asks. n8n never gives the value to a node, a test
 * or an expression in another field of the credential (`$self`), because it leaves out what is not shown: credentials
 * have the version 0, and no value that a user may store changes that.
 */
export const globalConnectorField: INodeProperties = {
	displayName: 'Global Connector',
	name: 'globalConnector',
	type: 'hidden',
	typeOptions: { password: true },
	default: '',
	displayOptions: { show: { '@version': [1] } },
};
