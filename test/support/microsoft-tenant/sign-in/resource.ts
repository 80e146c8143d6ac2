import { SignInError } from './sign-in-error';

/** What a token is good for: one API only. */
export type Audience = 'graph' | 'outlook';

/** Hosts of the global cloud; both names of Outlook are one resource. */
const audiences: Readonly<Record<string, Audience>> = {
	'https://graph.microsoft.com': 'graph',
	'https://outlook.office365.com': 'outlook',
	'https://outlook.office.com': 'outlook',
};

/** Scopes of OpenID Connect, which belong to no resource. */
const OPEN_ID = new Set(['openid', 'profile', 'email', 'offline_access']);

export interface RequestedScope {
	readonly audience: Audience;
	/** Without the resource: `Mail.Read`; empty for `.default`. */
	readonly permissions: readonly string[];
	readonly isDefault: boolean;
	readonly isOffline: boolean;
	readonly isOpenId: boolean;
}

/** Reads `scope`. Throws `SignInError` as Microsoft does where it is empty, mixed or for an unknown resource. */
export function readScope(scope: string): RequestedScope {
	const all = scope.split(' ').filter((each) => each !== '');
	const wanted = all.filter((each) => !OPEN_ID.has(each)).map(toPart);
	const resources = new Set(wanted.map(({ audience }) => audience));
	if (resources.size > 1) throw new SignInError(700022, scope);
	const isDefault = wanted.some(({ permission }) => permission === '.default');
	if (isDefault && wanted.length > 1) {
		throw new SignInError(
			70011,
			`.default scope can't be combined with resource-specific scopes. The scope ${scope} is not valid.`,
		);
	}
	return {
		audience: wanted[0]?.audience ?? 'graph',
		permissions: isDefault ? [] : wanted.map(({ permission }) => permission),
		isDefault,
		isOffline: all.includes('offline_access'),
		isOpenId: all.includes('openid'),
	};
}

function toPart(scope: string): { audience: Audience; permission: string } {
	const at = scope.lastIndexOf('/');
	if (at < 0) return { audience: 'graph', permission: scope };
	// "https://outlook.office365.com//.default" is seen in old guides and is the same resource.
	const resource = scope.slice(0, at).replace(/\/$/, '');
	const audience = audiences[resource];
	if (audience === undefined) throw new SignInError(500011, resource);
	return { audience, permission: scope.slice(at + 1) };
}

/** Permissions of the two APIs have different names: `IMAP.AccessAsApp` is Outlook's, `Mail.Read` is Graph's. */
export function belongsTo(permission: string, audience: Audience): boolean {
	return /^(IMAP|POP|SMTP)\./.test(permission) === (audience === 'outlook');
}
