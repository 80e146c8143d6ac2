import { request } from 'node:https';
import { Readable } from 'node:stream';

/** Statuses whose answer never has a body: `new Response` refuses one. */
const EMPTY = new Set([204, 205, 304]);

/**
 * A `fetch` that trusts this authority: the one of Node takes its authorities at its start only. It follows no redirect
 * and keeps no connection.
 */
export function trustingFetch(authorityPem: string): typeof fetch {
	return async (input, init) => {
		const wanted = new Request(input, { ...init, ...(init?.body ? { duplex: 'half' } : {}) });
		const body = wanted.body === null ? undefined : Buffer.from(await wanted.arrayBuffer());
		return await new Promise<Response>((resolve, reject) => {
			const sent = request(
				wanted.url,
				{
					method: wanted.method,
					headers: {
						...Object.fromEntries(wanted.headers),
						...(body === undefined && wanted.method !== 'POST'
							? {}
							: { 'content-length': String(body?.length ?? 0) }),
					},
					ca: authorityPem,
					agent: false,
					signal: wanted.signal,
				},
				(answer) => {
					const headers = new Headers();
					for (const [name, value] of Object.entries(answer.headers)) {
						for (const each of [value ?? []].flat()) headers.append(name, each);
					}
					const status = answer.statusCode ?? 0;
					const content = EMPTY.has(status) ? null : Readable.toWeb(answer);
					if (content === null) answer.resume();
					resolve(new Response(content as ReadableStream | null, { status, headers }));
				},
			);
			sent.on('error', reject);
			sent.end(body);
		});
	};
}
