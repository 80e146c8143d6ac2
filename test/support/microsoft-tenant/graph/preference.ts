import type { ReceivedRequest } from '../http/request';

/** What the `Prefer` headers of one request ask for. They count for this request alone. */
export interface Preferences {
	readonly maxPageSize: number | undefined;
	readonly immutableIds: boolean;
	readonly bodyType: 'text' | 'html' | undefined;
}

export function readPreferences(request: ReceivedRequest): Preferences {
	// Several headers come as one, joined by commas.
	const said = [request.headers.prefer ?? []].flat().join(',');
	const size = /odata\.maxpagesize\s*=\s*"?(\d+)"?/i.exec(said)?.[1];
	const body = /outlook\.body-content-type\s*=\s*"?(text|html)"?/i.exec(said)?.[1]?.toLowerCase();
	return {
		maxPageSize: size === undefined ? undefined : Number(size),
		immutableIds: /IdType\s*=\s*"?ImmutableId"?/i.test(said),
		bodyType: body === 'text' || body === 'html' ? body : undefined,
	};
}
