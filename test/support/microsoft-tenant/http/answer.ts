/** What a fake server sends. Without a body there is no Content-Type either: clients of Graph trip over one. */
export interface Answer {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string | Buffer;
}

/** The connection is cut without an answer. */
export const CUT = 'cut';

export function json(
	status: number,
	body: unknown,
	headers: Readonly<Record<string, string>> = {},
): Answer {
	return {
		status,
		headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
		body: JSON.stringify(body),
	};
}

export function html(status: number, body: string): Answer {
	return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

export function redirect(location: string, status = 302): Answer {
	return { status, headers: { location } };
}

export const noContent: Answer = { status: 204 };
export const accepted: Answer = { status: 202 };
