import { COMMAND_SILENCE_MS, IDLE_RENEWAL_MS, SOCKET_SILENCE_MS } from '../../limits';

/** How long a session waits for a sign of life. Tests use shorter ones. */
export interface Timing {
	/** IDLE is ended and started again after this, in ms. */
	readonly idleRenewalMs: number;
	/** A server that sends nothing for this long is asked for a sign of life, in ms. */
	readonly socketSilenceMs: number;
	/** A server that owes an answer and sends nothing for this long is given up, in ms. */
	readonly commandSilenceMs: number;
}

export const defaultTiming: Timing = {
	idleRenewalMs: IDLE_RENEWAL_MS,
	socketSilenceMs: SOCKET_SILENCE_MS,
	commandSilenceMs: COMMAND_SILENCE_MS,
};

/** A server is silent while it takes in a mail (APPEND), which is long on a slow line: the second line watches. */
export const uploadTiming: Timing = { ...defaultTiming, commandSilenceMs: 10 * 60_000 };
