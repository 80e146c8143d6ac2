import { z } from 'zod';
import { MailError } from '../../errors';
import { GRAPH_LONGEST_PAUSE_MS } from '../../limits';
import { toGraphError as toErrorOfAnswer, toRetryAfterMs } from '../../microsoft/error';

/** What Graph said instead of doing what it was asked to; the `cause` of the MailError that it became. */
export class GraphFault extends Error {
	override readonly name = 'GraphFault';

	constructor(
		readonly status: number,
		/** Graph's own, `ErrorItemNotFound`; empty where the answer came from something in front of it. */
		readonly code: string,
		/** Graph's own words. */
		readonly words: string,
		/** By which Microsoft's support finds the request; empty where there is none. */
		readonly requestId: string,
		/** How long it asks to wait. */
		readonly retryAfterMs: number | undefined,
	) {
		super(`${status} ${code}`);
	}
}

const errorBody = z.object({
	error: z.object({
		code: z.string().catch(''),
		message: z.string().catch(''),
	}),
});

/** @param text the body; HTML where a proxy or a gateway answered */
export function readFault(status: number, headers: Headers, text: string): GraphFault {
	const { code, message } = readErrorBody(text);
	const requestId = headers.get('request-id') ?? '';
	return new GraphFault(status, code, message, requestId, readRetryAfter(headers));
}

function readErrorBody(text: string): { code: string; message: string } {
	try {
		return errorBody.parse(JSON.parse(text)).error;
	} catch {
		return { code: '', message: '' };
	}
}

/** See `toRetryAfterMs`; not more than any service means. */
export function readRetryAfter(headers: Headers): number | undefined {
	const ms = toRetryAfterMs(headers.get('retry-after'));
	return ms === undefined ? undefined : Math.min(ms, GRAPH_LONGEST_PAUSE_MS);
}

export function toGraphError(fault: GraphFault, subject: string): MailError {
	const { status, code, words: message, requestId, retryAfterMs } = fault;
	const body = { error: { code, message, innerError: { 'request-id': requestId } } };
	return toErrorOfAnswer({ status, body, retryAfterMs, cause: fault }, subject);
}

/** The fault that an error stands for; undefined where Graph has not answered. */
export function faultOf(error: unknown): GraphFault | undefined {
	return error instanceof MailError && error.cause instanceof GraphFault ? error.cause : undefined;
}
