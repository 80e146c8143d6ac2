import type { IncomingMessage } from 'node:http';
import * as https from 'node:https';
import { Socket } from 'node:net';
import { type Duplex, Readable } from 'node:stream';
import type { TlsPolicy } from '../../connector';
import { MailError } from '../../errors';
import { HTTPS_SILENCE_MS } from '../../limits';
import type { Secret } from '../../secret';
import { Deadline } from './deadline';
import { toWhere } from './endpoint';
import { toConnectionError } from './error';
import { dial } from './socket';
import { secure } from './tls';

export interface HttpsOptions {
	readonly tls: TlsPolicy;
	/** For DNS, proxy, TCP and TLS together, in ms. */
	readonly timeoutMs: number;
	readonly proxyUrl?: Secret;
}

export interface HttpsRequest {
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: string | Uint8Array;
	readonly signal?: AbortSignal;
}

/**
 * Resolves with any answer, of whatever status, once its head is there; its body is a stream, which has to be read or
 * cancelled. Redirects are not followed. Throws MailError (`connection.*`, `tls.*`) where there is no answer.
 */
export type HttpsFetch = (url: string, request: HttpsRequest) => Promise<Response>;

/** `fetch` over the connector's own TLS policy and proxy, which Node's `fetch` takes from nobody. */
export function createHttps(options: HttpsOptions): HttpsFetch {
	const agent = new ConnectorAgent(options);
	return async (url, request) => await fetchOverHttps(agent, new URL(url), request);
}

/** Connections that nobody uses are closed after this, in ms: servers do so at any time, and a request then goes lost. */
const IDLE_MS = 15_000;

/** Keeps connections between requests; each is opened, and its certificate judged, as the mail drivers do it. */
class ConnectorAgent extends https.Agent {
	readonly #options: HttpsOptions;

	constructor(options: HttpsOptions) {
		super({ keepAlive: true, timeout: IDLE_MS });
		this.#options = options;
	}

	/** Node takes the socket from the callback where nothing is returned. */
	override createConnection(
		{ host, port }: https.RequestOptions,
		done?: (error: Error | null, socket: Duplex) => void,
	): undefined {
		this.#open({ host: host ?? '', port: Number(port ?? 443) }).then(
			(socket) => done?.(null, socket),
			// Node looks at the socket only where there is no error; its types want one.
			(error: Error) => done?.(error, new Socket()),
		);
	}

	async #open(server: { host: string; port: number }): Promise<Socket> {
		const { timeoutMs, proxyUrl, tls } = this.#options;
		const deadline = new Deadline(timeoutMs, toWhere(server));
		try {
			return await secure(await dial(server, proxyUrl, deadline), server, tls, deadline);
		} finally {
			deadline.clear();
		}
	}
}

async function fetchOverHttps(
	agent: https.Agent,
	url: URL,
	{ method, headers, body, signal }: HttpsRequest,
): Promise<Response> {
	const where = toWhere({ host: url.hostname, port: Number(url.port || 443) });
	if (url.protocol !== 'https:') throw new MailError('tls.expected', { subject: where });
	return await new Promise((resolve, reject) => {
		const request = https.request(url, { agent, method, headers, signal });
		request.setTimeout(HTTPS_SILENCE_MS, () => {
			request.destroy(new MailError('connection.timeout', { subject: where, retryable: true }));
		});
		request.once('error', (error) => reject(toConnectionError(error, where)));
		request.once('response', (answer) => {
			try {
				resolve(toResponse(answer));
			} catch (cause) {
				answer.destroy();
				reject(new MailError('server.protocol', { subject: where, cause }));
			}
		});
		request.end(body);
	});
}

/** RFC 9110, section 6.4.1: these have no content, and `Response` refuses one. */
const withoutContent: ReadonlySet<number> = new Set([204, 205, 304]);

/** Throws RangeError for a status that is none. */
function toResponse(answer: IncomingMessage): Response {
	const status = answer.statusCode ?? 0;
	const headers = new Headers();
	for (const [name, values] of Object.entries(answer.headersDistinct)) {
		for (const value of values ?? []) headers.append(name, value);
	}
	if (withoutContent.has(status)) {
		answer.resume();
		return new Response(null, { status, headers });
	}
	return new Response(Readable.toWeb(answer), { status, headers });
}
