import { TOKEN_LEAD_MS } from '../limits';
import type { TemporarySignIn } from '../ports';

/** No sign-in is renewed before this, in ms. */
const RENEWAL_FIRST_MS = 60_000;

/** Watches that signed in together do not renew together: at random within this, in ms. */
const RENEWAL_SPREAD_MS = 60_000;

/** Node fires a longer timer at once, in ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * From when on a session should give way to another one, ms since the epoch: then its source brings another token. A sign-in that
 * lasts for less than the lead is used for half of its life; clocks that differ make no storm.
 */
export function toRenewalTime({ at, endsAt }: TemporarySignIn): number {
	const lifeMs = endsAt - at;
	return at + Math.max(lifeMs - TOKEN_LEAD_MS, lifeMs / 2, RENEWAL_FIRST_MS);
}

/** Calls `renew` once, a bit after the time for it has come. The timer keeps no process alive. */
export function scheduleRenewal(
	signIn: TemporarySignIn | undefined,
	renew: () => void,
): NodeJS.Timeout | undefined {
	if (signIn === undefined) return undefined;
	const time = toRenewalTime(signIn);
	const spreadMs = Math.min(RENEWAL_SPREAD_MS, Math.max(0, signIn.endsAt - time) / 2);
	const delayMs = time + Math.random() * spreadMs - Date.now();
	return setTimeout(renew, Math.min(delayMs, LONGEST_TIMER_MS)).unref();
}
