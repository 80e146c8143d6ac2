import type { Answer } from './http/answer';
import { CUT } from './http/answer';
import type { ReceivedRequest } from './http/request';

export interface LoggedRequest {
	readonly host: 'main' | 'upload' | 'stranger';
	readonly method: string;
	/** Path and query, as sent. */
	readonly url: string;
	readonly prefer: string;
	readonly hadToken: boolean;
	readonly bodyBytes: number;
	/** The body as text, where it is JSON or a form. */
	readonly body: string;
	/** `cut`: there was no answer. */
	readonly status: number | typeof CUT;
}

/** What was asked, in order of the answers. */
export class RequestLog {
	readonly all: LoggedRequest[] = [];

	add(host: LoggedRequest['host'], request: ReceivedRequest, answer: Answer | typeof CUT): void {
		const { method, url, headers, body } = request;
		const isText = /json|form|text/.test(headers['content-type'] ?? '');
		this.all.push({
			host,
			method,
			url,
			prefer: [headers.prefer ?? []].flat().join(', '),
			hadToken: headers.authorization !== undefined,
			bodyBytes: body.length,
			body: isText ? body.toString() : '',
			status: answer === CUT ? CUT : answer.status,
		});
	}

	/** Requests like `POST /v1.0/me/sendMail`: those whose method and path match. */
	matching(pattern: RegExp): LoggedRequest[] {
		return this.all.filter(({ method, url }) => pattern.test(`${method} ${url}`));
	}

	/** Those that brought a token to a host that must not have it. */
	get leaks(): LoggedRequest[] {
		return this.all.filter(({ host, hadToken }) => host !== 'main' && hadToken);
	}

	clear(): void {
		this.all.length = 0;
	}
}
