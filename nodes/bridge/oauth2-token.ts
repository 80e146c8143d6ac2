import * as z from 'zod';
import type { AccessToken } from '../../mail/access-token';
import { TOKEN_LEAD_MS } from '../../mail/limits';
import { Secret } from '../../mail/secret';

/** Seconds or milliseconds; providers and n8n write both as text at times. */
const amount = z.coerce.number().positive().optional().catch(undefined);

const credentialSchema = z.object({
	oauthTokenData: z.object({
		access_token: z.string().min(1),
		refresh_token: z.string().min(1).optional().catch(undefined),
		/** RFC 6749, section 5.1: seconds from when it was given. */
		expires_in: amount,
		/** n8n's own, since 2.x: ms since the epoch. */
		n8n_expires_at: amount,
	}),
});

/** What n8n has stored of a sign-in by OAuth2. */
export interface StoredToken extends AccessToken {
	readonly canBeRenewed: boolean;
	/** From when on it should be renewed, ms since the epoch. */
	readonly renewAt: number;
}

/**
 * Undefined where the credential is not connected.
 *
 * @param seenAt when this process has seen the token first, ms since the epoch: older hosts do not note when it was given, but it
 * ends no later than if it had been given then
 */
export function toStoredToken(
	credential: unknown,
	seenAt: (token: string) => number,
): StoredToken | undefined {
	const parsed = credentialSchema.safeParse(credential);
	if (!parsed.success) return undefined;
	const data = parsed.data.oauthTokenData;
	const lifeMs = (data.expires_in ?? Infinity) * 1000;
	const endsAt = data.n8n_expires_at ?? seenAt(data.access_token) + lifeMs;
	return {
		token: new Secret(data.access_token),
		expiresAt: Number.isFinite(endsAt) ? endsAt : undefined,
		canBeRenewed: data.refresh_token !== undefined,
		// A token that lasts for less than the lead is used for half of its life: see `toRenewalTime`.
		renewAt: endsAt - Math.min(TOKEN_LEAD_MS, lifeMs / 2),
	};
}
