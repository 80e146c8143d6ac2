import type { Readable } from 'node:stream';
import {
	Client,
	ResponseType,
	type GraphRequest as LibraryRequest,
} from '@microsoft/microsoft-graph-client';
import type { z } from 'zod';
import type { GraphAccount, GraphRequest } from '../../connector';
import { MailError } from '../../errors';
import { GRAPH_ANSWER_BYTES, GRAPH_ANSWER_MS, GRAPH_ERROR_BYTES, GRAPH_PAGES } from '../../limits';
import { readFault, toGraphError } from './error';
import { CallOptions, PatientRequests, reasonOf } from './middleware';
import { finish, openBody, readText } from './open-answer';
import { type GraphPage, toPageSchema } from './page';
import { graphPath } from './path';

export interface GraphCall {
	readonly method: GraphRequest['method'];
	/** From `/me/…` or `/users/…` on, with its values encoded (`graphPath`, `toQuery`); or a link that Graph gave. */
	readonly path: string;
	/** What is asked for, for errors: `folder "Inbox"`. */
	readonly subject: string;
	/** An object goes as JSON, everything else as it is; its Content-Type is then to be among the headers. */
	readonly body?: object | string | Uint8Array;
	readonly headers?: Readonly<Record<string, string>>;
	/** Preferences besides immutable ids: `odata.maxpagesize=50`. */
	readonly prefer?: readonly string[];
	readonly signal?: AbortSignal;
	/** Whether carrying it out twice does no harm; default: false for POST, true for all others. */
	readonly isRepeatable?: boolean;
}

/**
 * Requests to one mailbox: paced, repeated where that is safe, their answers checked. All throw MailError, with a
 * GraphFault as its cause where Graph has answered.
 */
export interface GraphClient {
	/** What every path of the mailbox begins with: `/me`, `/users/support%40example.com`. */
	readonly mailbox: string;
	/** Resolves with the headers of the answer, whose content is of no interest: often there is none. */
	send(call: GraphCall): Promise<Headers>;
	read<T>(call: GraphCall, schema: z.ZodType<T>): Promise<T>;
	/** One after the other, with the same headers on each. */
	pages<T>(call: GraphCall, item: z.ZodType<T>): AsyncGenerator<GraphPage<T>>;
	/** The content itself (`/$value`), never whole in memory; the mailbox is busy with it until it is read or destroyed. */
	open(call: GraphCall): Promise<Readable>;
}

/** Headers and content go by CallOptions: the library sends a whole buffer for a view into it, and a type for no content. */
const methods: Readonly<
	Record<GraphRequest['method'], (request: LibraryRequest) => Promise<unknown>>
> = {
	GET: async (request) => (await request.get()) as unknown,
	POST: async (request) => (await request.post('')) as unknown,
	PATCH: async (request) => (await request.patch('')) as unknown,
	PUT: async (request) => (await request.put('')) as unknown,
	DELETE: async (request) => (await request.delete()) as unknown,
};

/** Ids that stay when a message is moved within its mailbox (Microsoft: outlook-immutable-id). */
const IMMUTABLE_IDS = 'IdType="ImmutableId"';

export function createGraphClient(account: GraphAccount): GraphClient {
	const library = Client.initWithMiddleware({
		baseUrl: account.origin,
		defaultVersion: 'v1.0',
		middleware: new PatientRequests(account),
	});

	async function call(wanted: GraphCall): Promise<Response> {
		const { path, method, subject } = wanted;
		requireOwnHost(path, account.origin, subject);
		const request = toRequest(wanted);
		const isRepeatable = wanted.isRepeatable ?? method !== 'POST';
		const prepared = library
			.api(path)
			.responseType(ResponseType.RAW)
			.middlewareOptions([new CallOptions(subject, request, isRepeatable)]);
		let response: unknown;
		try {
			response = await methods[method](prepared);
		} catch (error) {
			throw reasonOf(error);
		}
		if (!(response instanceof Response)) throw new MailError('server.protocol', { subject });
		if (response.ok) return response;
		const text = await readText(response, subject, {
			limitBytes: GRAPH_ERROR_BYTES,
			timeoutMs: GRAPH_ANSWER_MS,
			cut: true,
		});
		throw toGraphError(readFault(response.status, response.headers, text), subject);
	}

	async function read<T>(wanted: GraphCall, schema: z.ZodType<T>): Promise<T> {
		const { subject } = wanted;
		const text = await readText(await call(wanted), subject, {
			limitBytes: GRAPH_ANSWER_BYTES,
			timeoutMs: GRAPH_ANSWER_MS,
		});
		return parseAnswer(text, schema, subject);
	}

	return {
		mailbox: account.mailbox === undefined ? '/me' : graphPath`/users/${account.mailbox}`,
		send: async (wanted) => {
			const response = await call(wanted);
			finish(response);
			return response.headers;
		},
		read,
		pages: async function* (wanted, item) {
			const schema = toPageSchema(item);
			const seen = new Set<string>();
			for (let path: string | undefined = wanted.path; path !== undefined;) {
				// A service that leads in a circle, or on and on, would never be left.
				if (seen.has(path) || seen.size === GRAPH_PAGES) {
					throw new MailError('server.protocol', { subject: wanted.subject });
				}
				seen.add(path);
				const page: GraphPage<z.infer<typeof item>> = await read({ ...wanted, path }, schema);
				yield page;
				path = page.nextLink;
			}
		},
		open: async (wanted) => openBody(await call(wanted)),
	};
}

/** The token belongs to the account's own host: a link to another one is not followed. */
function requireOwnHost(path: string, origin: string, subject: string): void {
	if (path.startsWith('/')) return;
	if (URL.canParse(path) && new URL(path).origin === new URL(origin).origin) return;
	throw new MailError('server.protocol', { subject, serverReply: 'a link to another host' });
}

function toRequest({ method, body, headers, prefer = [], signal }: GraphCall): GraphRequest {
	const isJson = typeof body === 'object' && !(body instanceof Uint8Array);
	return {
		method,
		headers: {
			Accept: 'application/json',
			...(isJson ? { 'Content-Type': 'application/json' } : {}),
			...headers,
			Prefer: [IMMUTABLE_IDS, ...prefer].join(', '),
		},
		body: isJson ? JSON.stringify(body) : body,
		signal,
	};
}

function parseAnswer<T>(text: string, schema: z.ZodType<T>, subject: string): T {
	try {
		return schema.parse(JSON.parse(text));
	} catch (cause) {
		throw new MailError('server.protocol', { subject, cause });
	}
}
