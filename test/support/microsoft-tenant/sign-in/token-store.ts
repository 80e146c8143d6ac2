import { randomBytes, randomUUID } from 'node:crypto';
import type { Application } from '../directory/application';
import type { User } from '../directory/user';
import type { Audience } from './resource';

export interface AccessToken {
	readonly value: string;
	readonly audience: Audience;
	readonly application: Application;
	/** Undefined: the application itself signed in. */
	readonly user: User | undefined;
	/** `scp` or `roles`: as they were when it was issued. */
	readonly permissions: readonly string[];
	expiresAtMs: number;
	isRevoked: boolean;
}

export interface RefreshToken {
	readonly value: string;
	readonly application: Application;
	readonly user: User;
	readonly permissions: readonly string[];
	/** An AADSTS number with which it is refused. */
	problem: number | undefined;
}

/** Every token that was ever issued; a test may end any of them. */
export class TokenStore {
	readonly access = new Map<string, AccessToken>();
	readonly refresh = new Map<string, RefreshToken>();
	/** Of tokens that are issued from now on. Microsoft's are 60 to 90 minutes. */
	lifetimeSeconds = 3599;

	constructor(private readonly now: () => number) {}

	issue(
		owner: Pick<AccessToken, 'audience' | 'application' | 'user' | 'permissions'>,
	): AccessToken {
		const expiresAtMs = this.now() + this.lifetimeSeconds * 1000;
		const token = {
			...owner,
			value: toJwt(owner, this.now(), expiresAtMs),
			expiresAtMs,
			isRevoked: false,
		};
		this.access.set(token.value, token);
		return token;
	}

	issueRefresh(owner: Pick<RefreshToken, 'application' | 'user' | 'permissions'>): RefreshToken {
		const value = `1.AX${randomBytes(48).toString('base64url')}`;
		const token = { ...owner, value, problem: undefined };
		this.refresh.set(value, token);
		return token;
	}

	/** Undefined where it is unknown, expired or revoked. */
	find(value: string): AccessToken | undefined {
		const token = this.access.get(value);
		return token === undefined || token.isRevoked || token.expiresAtMs <= this.now()
			? undefined
			: token;
	}

	/** As when an hour has passed. */
	expireAccessTokens(): void {
		for (const token of this.access.values()) token.expiresAtMs = 0;
	}

	/** As when a password was changed or sessions were revoked; `problem` is the AADSTS number of later refreshes. */
	revokeAll(problem = 50173): void {
		for (const token of this.access.values()) token.isRevoked = true;
		for (const token of this.refresh.values()) token.problem = problem;
	}
}

/** The shape of Microsoft's tokens. The signature is random: only this store tells whether one is valid. */
function toJwt(
	owner: Pick<AccessToken, 'audience' | 'application' | 'user' | 'permissions'>,
	issuedAtMs: number,
	expiresAtMs: number,
): string {
	const part = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');
	const claims = {
		aud:
			owner.audience === 'graph' ? 'https://graph.microsoft.com' : 'https://outlook.office365.com',
		appid: owner.application.clientId,
		iat: Math.floor(issuedAtMs / 1000),
		exp: Math.floor(expiresAtMs / 1000),
		uti: randomUUID(),
		...(owner.user === undefined
			? { idtyp: 'app', roles: owner.permissions }
			: { upn: owner.user.address, scp: owner.permissions.join(' ') }),
	};
	const signature = randomBytes(32).toString('base64url');
	return `${part({ typ: 'JWT', alg: 'RS256' })}.${part(claims)}.${signature}`;
}
