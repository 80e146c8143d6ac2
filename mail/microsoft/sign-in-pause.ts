import { type MailError, withDetails } from '../errors';
import {
	FAILED_SIGN_IN_PAUSE_MS,
	LONGEST_SIGN_IN_PAUSE_MS,
	REFUSED_SIGN_IN_PAUSE_MS,
} from '../limits';
import { toPauseMinutes } from './error';

/** A sign-in that has failed: until its pause is over, whoever asks gets the same error and nothing is sent. */
export class SignInPause {
	readonly #error: MailError;
	readonly #untilMs: number;

	constructor(error: MailError, nowMs: number) {
		this.#error = error;
		this.#untilMs = nowMs + toPauseMs(error);
	}

	/** The error, with how long it still holds; undefined when it is over. */
	remaining(nowMs: number): MailError | undefined {
		const ms = this.#untilMs - nowMs;
		if (ms <= 0) return undefined;
		const remedy = `${this.#error.remedy} No sign-in is tried for the next ${toWords(ms)}.`;
		return withDetails(this.#error, { remedy, retryAfterMs: ms });
	}
}

/** Nothing is tried again at once: accounts are locked for that (AADSTS50053, AADSTS50196). */
function toPauseMs(error: MailError): number {
	// The certificate or a setting is wrong, and nobody was asked.
	if (error.code === 'settings.invalid') return 0;
	if (error.code === 'auth.certificate' && error.serverCode === undefined) return 0;
	const usual = error.retryable ? FAILED_SIGN_IN_PAUSE_MS : REFUSED_SIGN_IN_PAUSE_MS;
	const minutes = toPauseMinutes(error);
	const own = minutes === undefined ? usual : minutes * 60_000;
	return Math.min(Math.max(own, error.retryAfterMs ?? 0), LONGEST_SIGN_IN_PAUSE_MS);
}

/** `5 minutes`, `30 seconds` */
function toWords(ms: number): string {
	const seconds = Math.ceil(ms / 1_000);
	const [count, unit] = seconds > 90 ? [Math.ceil(seconds / 60), 'minute'] : [seconds, 'second'];
	return `${count} ${unit}${count === 1 ? '' : 's'}`;
}
