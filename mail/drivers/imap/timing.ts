import { IDLE_RENEWAL_MS, SOCKET_SILENCE_MS } from '../../limits';

/** How long a session waits for a sign of life. Tests use shorter ones. */
export interface Timing {
	/** IDLE is ended and started again after this, in ms. */
	readonly idleRenewalMs: number;
	/** A server that sends nothing for this long is asked for a sign of life, in ms. */
	readonly socketSilenceMs: number;
}

export const defaultTiming: Timing = {
	idleRenewalMs: IDLE_RENEWAL_MS,
	socketSilenceMs: SOCKET_SILENCE_MS,
};
