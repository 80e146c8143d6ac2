import {
	GraphClientError,
	type Context,
	type Middleware,
	type MiddlewareOptions,
} from '@microsoft/microsoft-graph-client';
import type { GraphAccount, GraphRequest } from '../../connector';
import { isMailError, MailError } from '../../errors';
import {
	GRAPH_FIRST_PAUSE_MS,
	GRAPH_LAST_PAUSE_MS,
	GRAPH_LONGEST_PAUSE_MS,
	GRAPH_PATIENCE_MS,
	GRAPH_TRIES,
} from '../../limits';
import { readRetryAfter } from './error';
import { gateOf, toGateKey } from './gate';
import { finish, holdUntilFinished } from './open-answer';
import { sleep } from './sleep';

/** What the library's own options do not say of a request. */
export class CallOptions implements MiddlewareOptions {
	constructor(
		readonly subject: string,
		readonly request: GraphRequest,
		/** Whether sending it twice does no harm. */
		readonly isRepeatable: boolean,
	) {}
}

/**
 * The library's errors keep nothing of a foreign one but its text. This kind alone it lets through as it is; `reasonOf`
 * takes the reason out again.
 */
export function toClientError(reason: unknown): GraphClientError {
	const error = new GraphClientError();
	error.customError = reason;
	return error;
}

/** The error behind one that the library has thrown. */
export function reasonOf(error: unknown): unknown {
	return error instanceof GraphClientError ? (error.customError as unknown) : error;
}

/** Statuses of a request that was not carried out, or of which nobody knows. */
const passing: ReadonlySet<number> = new Set([429, 500, 502, 503, 504, 509]);

/** The service refused to begin: nothing was done, so that even a POST may be sent again. */
const THROTTLED = 429;

/**
 * Stands in for the library's handlers of retries, which repeats a POST that may have been carried out, waits 180 s at
 * most where it was told to wait longer, and gives up when a connection breaks; and of redirects, which follows them.
 */
export class PatientRequests implements Middleware {
	readonly #account: GraphAccount;
	readonly #gateKey: string;

	constructor(account: GraphAccount) {
		this.#account = account;
		this.#gateKey = toGateKey(account);
	}

	async execute(context: Context): Promise<void> {
		const options: unknown = context.middlewareControl?.getMiddlewareOptions(CallOptions);
		if (!(options instanceof CallOptions)) throw new TypeError('a request without CallOptions');
		const url = String(context.request);
		try {
			context.response = await this.#persist(url, options);
		} catch (error) {
			throw toClientError(error);
		}
	}

	async #persist(url: string, options: CallOptions): Promise<Response> {
		const { subject, request, isRepeatable } = options;
		for (let tries = 1; ; tries++) {
			const outcome = await this.#try(url, options);
			const pauseMs = toPauseMs(outcome, tries, isRepeatable);
			if (pauseMs === undefined || tries === GRAPH_TRIES || pauseMs > GRAPH_PATIENCE_MS) {
				if (outcome instanceof MailError) throw outcome;
				return outcome;
			}
			if (!(outcome instanceof MailError)) finish(outcome);
			await sleep(pauseMs, subject, request.signal);
		}
	}

	async #try(url: string, { subject, request }: CallOptions): Promise<Response | MailError> {
		const gate = gateOf(this.#gateKey);
		const leave = await gate.enter(subject, request.signal);
		try {
			if (request.signal?.aborted === true) throw toGivenUp(subject, request.signal);
			const response = await this.#account.transport.fetch(url, request);
			holdUntilFinished(response, leave);
			// The others would only be told the same, and each of their requests prolongs it.
			if (response.status === THROTTLED) gate.close(toRetryAfterMs(response, 1));
			return response;
		} catch (error) {
			leave();
			if (request.signal?.aborted === true) throw toGivenUp(subject, request.signal);
			if (!isMailError(error)) throw error;
			return error;
		}
	}
}

function toGivenUp(subject: string, { reason }: AbortSignal): MailError {
	return new MailError('connection.lost', { subject, cause: reason });
}

/** Undefined where trying again would not help, or might do harm. */
function toPauseMs(
	outcome: Response | MailError,
	tries: number,
	isRepeatable: boolean,
): number | undefined {
	if (outcome instanceof MailError) {
		// A sign-in that is refused is never tried again by itself: accounts are locked for that.
		const isBroken = outcome.code.startsWith('connection.') && outcome.retryable;
		return isBroken && isRepeatable ? toBackOffMs(tries) : undefined;
	}
	if (!passing.has(outcome.status)) return undefined;
	if (!isRepeatable && outcome.status !== THROTTLED) return undefined;
	return toRetryAfterMs(outcome, tries);
}

function toRetryAfterMs({ headers }: Response, tries: number): number {
	return Math.min(readRetryAfter(headers) ?? toBackOffMs(tries), GRAPH_LONGEST_PAUSE_MS);
}

/** With jitter: many mailboxes of one app are throttled together. */
function toBackOffMs(tries: number): number {
	const pauseMs = Math.min(GRAPH_FIRST_PAUSE_MS * 2 ** (tries - 1), GRAPH_LAST_PAUSE_MS);
	return pauseMs * (0.75 + Math.random() / 2);
}
