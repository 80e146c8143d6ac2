import { createHash } from 'node:crypto';
import type { AccessToken, AccessTokens } from '../../mail/access-token';
import { MailError } from '../../mail/errors';
import { REFUSED_SIGN_IN_PAUSE_MS, TOKEN_TRIAL_MS } from '../../mail/limits';
import type { Secret } from '../../mail/secret';
import type { ConnectorContext } from './credential-connector';
import { toRenewalError } from './oauth2-refusal';
import { toStoredToken, type StoredToken } from './oauth2-token';

/** Renewals under way in this process, by the key of their source: a refresh token may be good for one use only. */
const renewals = new Map<string, Promise<StoredToken>>();

interface Refusal {
	readonly error: MailError;
	/** ms since the epoch. */
	readonly untilMs: number;
}

/** Sign-ins that the provider does not renew any more, by a digest of credential and last token: another one begins anew. */
const refusals = new Map<string, Refusal>();

/** When a token was seen first, ms since the epoch, by digest. */
const firstSeen = new Map<string, number>();

/** When a token came from a renewal, ms since the epoch, by digest. */
const renewedAt = new Map<string, number>();

/** Of each, the ones that came last are kept. */
const MOST_KNOWN = 1_000;

/**
 * The access tokens of a credential that n8n holds: n8n renews them, and stores what it gets.
 *
 * @param credentialType of n8n's OAuth2
 */
export function createAccessTokens(
	context: ConnectorContext,
	credentialType: string,
): AccessTokens {
	const { id, name = 'the connector' } = context.getNode().credentials?.[credentialType] ?? {};
	const key = `n8n ${credentialType} ${id ?? name}`;
	const discarded = new Set<string>();
	const isGood = (stored: StoredToken) =>
		!discarded.has(toDigest(stored.token.reveal())) && Date.now() < stored.renewAt;

	async function read(): Promise<StoredToken> {
		const stored = toStoredToken(await context.getCredentials(credentialType), toFirstSeen);
		if (stored === undefined) throw new MailError('auth.notConnected', { subject: `"${name}"` });
		return stored;
	}

	async function renew(stored: StoredToken): Promise<StoredToken> {
		if (!stored.canBeRenewed)
			throw new MailError('auth.expired', { subject: `"${name}"`, remedy: NO_REFRESH_TOKEN });
		const signIn = toDigest(`${key} ${stored.token.reveal()}`);
		const refusal = refusals.get(signIn);
		// Whoever asks again and again is locked out (AADSTS50196).
		if (refusal !== undefined && Date.now() < refusal.untilMs) throw refusal.error;
		return await (renewals.get(key) ?? startRenewal(signIn));
	}

	function startRenewal(signIn: string): Promise<StoredToken> {
		const renewal = refresh(context, credentialType)
			.catch((failure: unknown) => {
				const error = toRenewalError(failure, name);
				if (!error.retryable) noteRefusal(signIn, error);
				throw error;
			})
			.then(read)
			.then(noteRenewal)
			.finally(() => renewals.delete(key));
		renewals.set(key, renewal);
		return renewal;
	}

	return {
		key,
		async get(): Promise<AccessToken> {
			const stored = await read();
			if (isGood(stored)) return stored;
			try {
				return await renew(stored);
			} catch (error) {
				// A provider that is down for a moment does not end what the server still takes.
				const isRefused = discarded.has(toDigest(stored.token.reveal()));
				const lasts = stored.expiresAt === undefined || Date.now() < stored.expiresAt;
				if (!isRefused && lasts && error instanceof MailError && error.retryable) return stored;
				// eslint-disable-next-line @n8n/community-nodes/require-node-api-error -- becomes n8n's error in one place, at each node's door
				throw error;
			}
		},
		discard(token: Secret): void {
			const digest = toDigest(token.reveal());
			// Where a fresh token is refused, another one would be, too: then it is not the token that is wrong.
			const ageMs = Date.now() - (renewedAt.get(digest) ?? -Infinity);
			if (ageMs >= TOKEN_TRIAL_MS) discarded.add(digest);
		},
	};
}

const NO_REFRESH_TOKEN =
	'The provider gave no refresh token, so that the sign-in ended with its access token. Let it give one (scope offline_access, or access_type=offline in Auth URI Query Parameters), then connect again.';

interface RefreshingHelpers {
	refreshOAuth2Token(this: ConnectorContext, credentialType: string): Promise<unknown>;
}

/** n8n has it since 1.120. */
function canRefresh(helpers: object): helpers is RefreshingHelpers {
	return 'refreshOAuth2Token' in helpers && typeof helpers.refreshOAuth2Token === 'function';
}

/** n8n stores the new token before this resolves. */
async function refresh(context: ConnectorContext, credentialType: string): Promise<void> {
	const { helpers } = context;
	if (!canRefresh(helpers)) {
		throw new MailError('auth.expired', {
			remedy: 'This n8n does not let nodes renew a sign-in. Update n8n to 1.123 or later.',
		});
	}
	await helpers.refreshOAuth2Token.call(context, credentialType);
}

function noteRefusal(signIn: string, error: MailError): void {
	refusals.set(signIn, { error, untilMs: Date.now() + REFUSED_SIGN_IN_PAUSE_MS });
	forgetOldest(refusals);
}

function noteRenewal(renewed: StoredToken): StoredToken {
	renewedAt.set(toDigest(renewed.token.reveal()), Date.now());
	forgetOldest(renewedAt);
	return renewed;
}

function toFirstSeen(token: string): number {
	const digest = toDigest(token);
	const seenAt = firstSeen.get(digest) ?? Date.now();
	firstSeen.set(digest, seenAt);
	forgetOldest(firstSeen);
	return seenAt;
}

function forgetOldest(known: Map<string, unknown>): void {
	const [oldest] = known.keys();
	if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
}

function toDigest(text: string): string {
	return createHash('sha256').update(text).digest('base64url');
}
