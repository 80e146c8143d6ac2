import type { AccessTokens } from '../../access-token';
import type { GraphRequest, GraphTransport } from '../../connector';
import type { HttpsFetch } from '../net/https';

/** Sends requests with the tokens of a sign-in that is ours. */
export function createTokenTransport(tokens: AccessTokens, fetch: HttpsFetch): GraphTransport {
	const send = async (url: string, request: GraphRequest) => {
		const { token } = await tokens.get(request.signal);
		const headers = { ...request.headers, Authorization: `Bearer ${token.reveal()}` };
		return { token, response: await fetch(url, { ...request, headers }) };
	};
	return {
		fetch: async (url, request) => {
			const first = await send(url, request);
			// A token keeps the rights that it was issued with: the next one has those that were granted since.
			if (first.response.status === 403) tokens.discard(first.token);
			if (first.response.status !== 401) return first.response;
			// Revoked, or challenged anew by a policy (continuous access evaluation): once, lest an account be locked.
			first.response.body?.cancel().catch(() => undefined);
			tokens.discard(first.token);
			return (await send(url, request)).response;
		},
	};
}
