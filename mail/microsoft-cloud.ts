/** Where a cloud of Microsoft 365 is reached. */
export interface MicrosoftCloud {
	readonly displayName: string;
	/** Sign-in. */
	readonly loginHost: string;
	readonly graphHost: string;
	/** IMAP and POP; also the resource that their access tokens are for. */
	readonly outlookHost: string;
	/** The resource as delegated scopes name it. */
	readonly scopeHost: string;
	readonly smtpHost: string;
}

/**
 * Microsoft's page "National cloud deployments", and for the mail hosts its "Office 365 URLs and IP address ranges" of
 * each cloud. The keys are stored in credentials: none is ever renamed.
 */
export const microsoftClouds = {
	global: {
		displayName: 'Global',
		loginHost: 'login.microsoftonline.com',
		graphHost: 'graph.microsoft.com',
		outlookHost: 'outlook.office365.com',
		scopeHost: 'outlook.office.com',
		smtpHost: 'smtp.office365.com',
	},
	usGovHigh: {
		displayName: 'US Government GCC High',
		loginHost: 'login.microsoftonline.us',
		graphHost: 'graph.microsoft.us',
		outlookHost: 'outlook.office365.us',
		scopeHost: 'outlook.office365.us',
		smtpHost: 'smtp.office365.us',
	},
	usGovDod: {
		displayName: 'US Government DoD',
		loginHost: 'login.microsoftonline.us',
		graphHost: 'dod-graph.microsoft.us',
		outlookHost: 'outlook-dod.office365.us',
		scopeHost: 'outlook-dod.office365.us',
		smtpHost: 'smtp-dod.office365.us',
	},
	china: {
		displayName: 'China (21Vianet)',
		loginHost: 'login.partner.microsoftonline.cn',
		graphHost: 'microsoftgraph.chinacloudapi.cn',
		outlookHost: 'partner.outlook.cn',
		scopeHost: 'partner.outlook.cn',
		smtpHost: 'smtp.partner.outlook.cn',
	},
} as const satisfies Record<string, MicrosoftCloud>;

export type MicrosoftCloudName = keyof typeof microsoftClouds;

function isCloudName(name: string): name is MicrosoftCloudName {
	return Object.hasOwn(microsoftClouds, name);
}

export const microsoftCloudNames: readonly MicrosoftCloudName[] =
	Object.keys(microsoftClouds).filter(isCloudName);
