import type { Secret } from './secret';

/** An OAuth2 access token (RFC 6750). */
export interface AccessToken {
	readonly token: Secret;
	/** When the provider takes it no longer, ms since the epoch; undefined where the provider does not say. */
	readonly expiresAt?: number;
}

/** Where the access tokens of a sign-in come from. Who holds the sign-in renews them. */
export interface AccessTokens {
	/** Equal for sources that give tokens of the same sign-in; holds no secret. */
	readonly key: string;

	/** A token that is good for a few minutes at least. Throws MailError. */
	get(signal?: AbortSignal): Promise<AccessToken>;

	/** The server has refused this one: the next `get` brings another. */
	discard(token: Secret): void;
}
