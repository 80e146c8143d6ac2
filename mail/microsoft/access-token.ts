import type { AccessTokens } from '../access-token';
import type { TlsPolicy } from '../connector';
import { createHttps } from '../drivers/net/https';
import type { Secret } from '../secret';
import { type MicrosoftSignIn, toSignInKey } from './sign-in';
import { requestToken } from './token-request';
import { TokenStore } from './token-store';

/** How the sign-in service is reached. */
export interface SignInNetwork {
	/** The connector's; what holds for its mail servers alone is left out. */
	readonly tls: TlsPolicy;
	/** In ms, for the connection. */
	readonly timeoutMs: number;
	readonly proxyUrl?: Secret;
}

export interface TokenSourceOptions {
	readonly store?: TokenStore;
	readonly now?: () => number;
}

/** Those of this process. */
const sharedStore = new TokenStore();

/**
 * Access tokens of an app, or of an account by its password: asked for when the first one is needed, kept in the process,
 * renewed five minutes before they end. After a failure no sign-in is tried for a while, see `SignInPause`. Opens nothing.
 */
export function createMicrosoftTokens(
	signIn: MicrosoftSignIn,
	network: SignInNetwork,
	{ store = sharedStore, now = Date.now }: TokenSourceOptions = {},
): AccessTokens {
	const key = toSignInKey(signIn);
	const fetch = createHttps({ ...network, tls: toSignInPolicy(network.tls) });
	return {
		key,
		get: async (signal) =>
			await store.get(key, async () => await requestToken(signIn, fetch, now), signal),
		discard: (token) => store.discard(key, token),
	};
}

/**
 * The pinned certificate and the client certificate are the mail server's; and whoever gives up checking that one has not
 * given up checking this one.
 */
function toSignInPolicy({ caPem, minVersion }: TlsPolicy): TlsPolicy {
	const isOld = minVersion === 'TLSv1' || minVersion === 'TLSv1.1';
	return { caPem, minVersion: isOld ? 'TLSv1.2' : minVersion, allowUntrusted: false };
}
