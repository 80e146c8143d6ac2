import type { Answer } from './answer';
import { CUT, html, json, redirect } from './answer';
import type { ReceivedRequest } from './request';

/** What goes wrong on command. */
export interface Fault {
	/** Default: every method. */
	readonly method?: string;
	/** Matched against path and query as sent. Default: every request. */
	readonly url?: RegExp;
	/** How many requests it hits. Default 1. */
	readonly times?: number;
	/** `after`: the request is carried out and its answer is lost for this one. Default `before`: it never is. */
	readonly when?: 'before' | 'after';
	readonly answer: Answer | typeof CUT;
}

/** The faults that wait for their request, in the order in which they were added. */
export class FaultList {
	private readonly waiting: Array<{ readonly fault: Fault; left: number }> = [];

	add(fault: Fault): void {
		this.waiting.push({ fault, left: fault.times ?? 1 });
	}

	clear(): void {
		this.waiting.length = 0;
	}

	/** Takes the first that fits. */
	take(request: ReceivedRequest): Fault | undefined {
		const found = this.waiting.find(
			({ fault, left }) =>
				left > 0 &&
				(fault.method === undefined || fault.method === request.method) &&
				(fault.url === undefined || fault.url.test(request.url)),
		);
		if (found === undefined) return undefined;
		found.left--;
		return found.fault;
	}
}

const retryHeaders = (retryAfter: number | string | undefined): Record<string, string> =>
	retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };

/** 429; without `retryAfter` (seconds, or a date) there is no such header. */
export function throttled(retryAfter?: number | string): Answer {
	return graphFault(
		429,
		'ApplicationThrottled',
		'Application is over its MailboxConcurrency limit.',
		retryHeaders(retryAfter),
	);
}

/** 503 or 504. */
export function unavailable(status: 503 | 504 = 503, retryAfter?: number | string): Answer {
	return status === 503
		? graphFault(
				503,
				'serviceNotAvailable',
				'The service is temporarily unavailable.',
				retryHeaders(retryAfter),
			)
		: graphFault(
				504,
				'gatewayTimeout',
				'The gateway did not receive a timely response.',
				retryHeaders(retryAfter),
			);
}

export function graphFault(
	status: number,
	code: string,
	message: string,
	headers: Readonly<Record<string, string>> = {},
): Answer {
	return json(status, { error: { code, message } }, headers);
}

/** What a proxy on the way says. */
export const badGateway: Answer = html(
	502,
	'<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>',
);

export const cut = CUT;
export { redirect };
