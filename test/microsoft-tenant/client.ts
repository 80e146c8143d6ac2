import type { MicrosoftTenant } from '../support/microsoft-tenant/tenant';

export interface CallOptions {
	readonly body?: unknown;
	readonly prefer?: string;
	readonly headers?: Readonly<Record<string, string>>;
}

export interface CallResult {
	readonly status: number;
	readonly headers: Headers;
	/** Undefined: there was no body. */
	// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the tests expect its shape, whatever it is
	readonly body: any;
}

/** Calls the tenant's Graph as a client would. */
export type Call = (method: string, path: string, options?: CallOptions) => Promise<CallResult>;

export function createCall(tenant: MicrosoftTenant, token: string): Call {
	return async (method, path, options = {}) => {
		const { body } = options;
		const answer = await tenant.fetch(path.startsWith('https:') ? path : tenant.graphUrl + path, {
			method,
			headers: {
				authorization: `Bearer ${token}`,
				...(options.prefer === undefined ? {} : { prefer: options.prefer }),
				...(body === undefined ? {} : { 'content-type': 'application/json' }),
				...options.headers,
			},
			...(body === undefined
				? {}
				: { body: typeof body === 'string' ? body : JSON.stringify(body) }),
		});
		const text = await answer.text();
		const isJson = answer.headers.get('content-type')?.startsWith('application/json') ?? false;
		return {
			status: answer.status,
			headers: answer.headers,
			body: isJson ? JSON.parse(text) : text === '' ? undefined : text,
		};
	};
}

export const immutable = 'IdType="ImmutableId"';

export function toRaw(subject: string, extra = ''): string {
	return [
		'From: Bert <bert@outside.example>',
		'To: anna@contoso.example',
		`Subject: ${subject}`,
		'Message-ID: <m1@outside.example>',
		...(extra === '' ? [] : [extra]),
		'Content-Type: text/plain; charset=utf-8',
		'',
		'Hello Anna',
		'',
	].join('\r\n');
}
