import type { AccessToken } from '../access-token';
import { isMailError, MailError } from '../errors';
import { SIGN_INS_KEPT, TOKEN_RESERVE_MS, TOKEN_TRIAL_MS } from '../limits';
import type { Secret } from '../secret';
import { SignInPause } from './sign-in-pause';

interface Entry {
	token?: AccessToken;
	issuedAt: number;
	/** From then on the next one is asked for. */
	renewAt: number;
	/** The one request that is under way, for all who ask. */
	request?: Promise<AccessToken>;
	pause?: SignInPause;
}

/** The tokens of a process, one per sign-in, however many connectors and executions use it. */
export class TokenStore {
	readonly #entries = new Map<string, Entry>();
	readonly #now: () => number;

	constructor(now: () => number = Date.now) {
		this.#now = now;
	}

	/**
	 * A token that is good for five minutes at least, if the provider gives such ones.
	 * @param request asks the provider, once
	 */
	async get(
		key: string,
		request: () => Promise<AccessToken>,
		signal?: AbortSignal,
	): Promise<AccessToken> {
		const entry = this.#entryOf(key);
		if (entry.token !== undefined && this.#now() < entry.renewAt) return entry.token;
		if (entry.request === undefined) {
			const paused = entry.pause?.remaining(this.#now());
			if (paused !== undefined) return this.#goOn(entry, paused);
			entry.request = this.#renew(entry, request);
		}
		return await untilAborted(entry.request, signal);
	}

	/** A fresh token is kept: where it is refused, another one would be too, and asking again and again locks the app out. */
	discard(key: string, token: Secret): void {
		const entry = this.#entries.get(key);
		if (entry?.token?.token.reveal() !== token.reveal()) return;
		if (this.#now() - entry.issuedAt >= TOKEN_TRIAL_MS) entry.token = undefined;
	}

	async #renew(entry: Entry, request: () => Promise<AccessToken>): Promise<AccessToken> {
		try {
			const token = await request();
			entry.token = token;
			entry.issuedAt = this.#now();
			entry.renewAt = toRenewal(token, entry.issuedAt);
			entry.pause = undefined;
			return token;
		} catch (error) {
			if (!isMailError(error)) throw error;
			entry.pause = new SignInPause(error, this.#now());
			return this.#goOn(entry, entry.pause.remaining(this.#now()) ?? error);
		} finally {
			entry.request = undefined;
		}
	}

	/** A service that is down for a moment is not missed while the last token lives. */
	#goOn({ token }: Entry, failure: MailError): AccessToken {
		const isGood = (token?.expiresAt ?? 0) > this.#now();
		if (token !== undefined && isGood && failure.retryable) return token;
		throw failure;
	}

	#entryOf(key: string): Entry {
		const known = this.#entries.get(key) ?? { issuedAt: 0, renewAt: 0 };
		// The last one asked for is the last one forgotten.
		this.#entries.delete(key);
		this.#entries.set(key, known);
		for (const oldest of this.#entries.keys()) {
			if (this.#entries.size <= SIGN_INS_KEPT) break;
			this.#entries.delete(oldest);
		}
		return known;
	}
}

/** Of a token that lives for less than ten minutes: when half of its life is over. */
function toRenewal({ expiresAt = Infinity }: AccessToken, issuedAt: number): number {
	return Math.max(expiresAt - TOKEN_RESERVE_MS, issuedAt + (expiresAt - issuedAt) / 2);
}

/** Who gives up stops waiting; the request goes on for the others. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (signal === undefined) return await work;
	let onAbort: () => void = () => undefined;
	const aborted = new Promise<never>((_resolve, reject) => {
		onAbort = () =>
			reject(
				isMailError(signal.reason)
					? signal.reason
					: new MailError('connection.lost', { subject: 'sign-in', cause: signal.reason }),
			);
	});
	signal.addEventListener('abort', onAbort, { once: true });
	if (signal.aborted) onAbort();
	try {
		return await Promise.race([work, aborted]);
	} finally {
		signal.removeEventListener('abort', onAbort);
	}
}
