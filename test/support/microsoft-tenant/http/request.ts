import type { IncomingHttpHeaders } from 'node:http';

/** A request as the fake servers see it: the path is split before it is decoded, as a `/` in an id must be encoded. */
export interface ReceivedRequest {
	/** From 1, in order of arrival at this server. */
	readonly number: number;
	readonly method: string;
	/** Path and query, as sent. */
	readonly url: string;
	/** Decoded segments; `users('anna')` is the same as `users/anna`, as in OData. */
	readonly path: readonly string[];
	readonly query: URLSearchParams;
	readonly headers: IncomingHttpHeaders;
	readonly body: Buffer;
}

export class MalformedPathError extends Error {}

/** Throws `MalformedPathError` where the percent-encoding is broken. */
export function splitPath(path: string): string[] {
	return path
		.split('/')
		.filter((segment) => segment !== '')
		.flatMap(splitKey)
		.map(decode);
}

/** The key in parentheses is a segment of its own: https://docs.oasis-open.org/odata/odata/v4.01, section 4.3.1. */
function splitKey(segment: string): string[] {
	const [, name, key] = /^([A-Za-z]+)\((?:'|%27)(.*)(?:'|%27)\)$/.exec(segment) ?? [];
	return name === undefined || key === undefined ? [segment] : [name, key];
}

function decode(segment: string): string {
	try {
		return decodeURIComponent(segment);
	} catch (cause) {
		throw new MalformedPathError(segment, { cause });
	}
}

/** Undefined where there is none, or it is no bearer token. */
export function bearerToken(request: ReceivedRequest): string | undefined {
	return /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
}
