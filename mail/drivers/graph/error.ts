import { z } from 'zod';
import { MailError, type MailErrorCode } from '../../errors';
import { GRAPH_LONGEST_PAUSE_MS } from '../../limits';

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

/** RFC 9110, section 10.2.3: seconds or a date. Undefined where it is neither. */
export function readRetryAfter(headers: Headers): number | undefined {
	const value = headers.get('retry-after')?.trim();
	if (value === undefined || value === '') return undefined;
	const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - Date.now();
	return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), GRAPH_LONGEST_PAUSE_MS);
}

interface Meaning {
	readonly code: MailErrorCode;
	readonly retryable?: boolean;
}

const byStatus: Readonly<Record<number, Meaning>> = {
	401: { code: 'auth.rejected' },
	403: { code: 'auth.rejected' },
	413: { code: 'message.tooLarge' },
	429: { code: 'server.throttled', retryable: true },
	503: { code: 'server.unavailable', retryable: true },
	509: { code: 'server.throttled', retryable: true },
};

export function toGraphError(fault: GraphFault, subject: string): MailError {
	const { status, code, words, requestId, retryAfterMs } = fault;
	const meaning = byStatus[status] ?? {
		code: status >= 500 ? 'server.unavailable' : 'server.protocol',
		retryable: status >= 500,
	};
	const id = requestId === '' ? '' : ` (request ${requestId})`;
	return new MailError(meaning.code, {
		subject,
		serverReply: `${[status, code, words].filter(Boolean).join(' ')}${id}`,
		retryable: meaning.retryable,
		retryAfterMs,
		cause: fault,
	});
}

/** The fault that an error stands for; undefined where Graph has not answered. */
export function faultOf(error: unknown): GraphFault | undefined {
	return error instanceof MailError && error.cause instanceof GraphFault ? error.cause : undefined;
}
