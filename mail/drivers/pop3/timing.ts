import { COMMAND_SILENCE_MS, POP3_POLL_MS } from '../../limits';

/** How long a session waits. Tests use shorter ones. */
export interface Timing {
	/** A command, and an answer that has begun, may be without a byte for this long, in ms. */
	readonly silenceMs: number;
	/** The maildrop is looked at this often: POP3 servers announce nothing. */
	readonly pollMs: number;
	/** A session that waits keeps its connection for this long: somebody who shares it may go on reading, in ms. */
	readonly lingerMs: number;
}

const LINGER_MS = 2_000;

export const defaultTiming: Timing = {
	silenceMs: COMMAND_SILENCE_MS,
	pollMs: POP3_POLL_MS,
	lingerMs: LINGER_MS,
};
