/** Where a cloud of Microsoft 365 signs in, and serves Graph. */
export interface GraphCloud {
	readonly displayName: string;
	readonly loginHost: string;
	readonly graphHost: string;
}

/** Microsoft's page "National cloud deployments". The keys are stored in credentials: none is ever renamed. */
export const graphClouds = {
	global: {
		displayName: 'Global',
		loginHost: 'login.microsoftonline.com',
		graphHost: 'graph.microsoft.com',
	},
	usGovHigh: {
		displayName: 'US Government GCC High',
		loginHost: 'login.microsoftonline.us',
		graphHost: 'graph.microsoft.us',
	},
	usGovDod: {
		displayName: 'US Government DoD',
		loginHost: 'login.microsoftonline.us',
		graphHost: 'dod-graph.microsoft.us',
	},
	china: {
		displayName: 'China (21Vianet)',
		loginHost: 'login.partner.microsoftonline.cn',
		graphHost: 'microsoftgraph.chinacloudapi.cn',
	},
} as const satisfies Record<string, GraphCloud>;

export type GraphCloudName = keyof typeof graphClouds;

function isCloudName(name: string): name is GraphCloudName {
	return Object.hasOwn(graphClouds, name);
}

export const graphCloudNames: readonly GraphCloudName[] =
	Object.keys(graphClouds).filter(isCloudName);
