import { z } from 'zod';
import { SetupError } from './setup-error';

/** n8n refused a request. */
export class RestError extends Error {
	override readonly name = 'RestError';

	constructor(
		readonly status: number,
		message: string,
	) {
		super(message);
	}
}

/** Credential tests and manual runs answer when their servers have. */
const REQUEST_TIMEOUT_MS = 120_000;

/** What fetch throws where the connection ends before the answer. */
const closedSocket = z.object({ cause: z.object({ code: z.literal('UND_ERR_SOCKET') }) });

const refusal = z.object({ message: z.string() });

/** n8n ties the cookie of a sign-in to the browser that says it is this one. */
export const BROWSER_ID = 'email-connectors';

/** The cookie of n8n's sign-in. */
export const SIGN_IN_COOKIE = 'n8n-auth';

/** A signed-in conversation with n8n's REST API. */
export class RestSession {
	/** @param signIn the value of the cookie of an earlier sign-in, where there was one */
	constructor(
		readonly url: string,
		private signIn = '',
	) {}

	/** The value of the cookie; empty before the sign-in. */
	get cookie(): string {
		return this.signIn;
	}

	async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
		return await this.request('GET', path, undefined, schema);
	}

	async post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
		return await this.request('POST', path, body, schema);
	}

	/** Answers below `/rest` come wrapped in `data`; the files below `/types` and `/icons` do not. */
	async download(path: string): Promise<Response> {
		return await this.#fetch('GET', path, undefined);
	}

	async request<T>(method: string, path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
		const response = await this.#fetch(method, `/rest${path}`, body);
		const prefix = `${SIGN_IN_COOKIE}=`;
		const cookie = response.headers.getSetCookie().find((line) => line.startsWith(prefix));
		if (cookie !== undefined) this.signIn = cookie.slice(prefix.length).split(';')[0] ?? '';
		const text = await response.text();
		if (!response.ok) throw new RestError(response.status, `${method} ${path}: ${toReason(text)}`);
		const parsed = z.object({ data: schema }).safeParse(toJson(text));
		if (parsed.success) return parsed.data.data;
		throw new SetupError(
			`n8n answered ${method} ${path} in an unknown form: ${z.prettifyError(parsed.error)}`,
		);
	}

	async #fetch(method: string, path: string, body: unknown): Promise<Response> {
		try {
			return await this.#ask(method, path, body);
		} catch (error) {
			// n8n closes connections that are idle for five seconds: one that it is just closing gives no answer.
			if (method !== 'GET' || !closedSocket.safeParse(error).success) throw error;
			return await this.#ask(method, path, body);
		}
	}

	async #ask(method: string, path: string, body: unknown): Promise<Response> {
		return await fetch(`${this.url}${path}`, {
			method,
			headers: {
				'content-type': 'application/json',
				'browser-id': BROWSER_ID,
				cookie: this.signIn === '' ? '' : `${SIGN_IN_COOKIE}=${this.signIn}`,
			},
			body: body === undefined ? undefined : JSON.stringify(body),
			signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
		});
	}
}

function toReason(text: string): string {
	const parsed = refusal.safeParse(toJson(text));
	return parsed.success ? parsed.data.message : text.slice(0, 200);
}

function toJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
