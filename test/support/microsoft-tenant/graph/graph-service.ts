import type { Directory } from '../directory/directory';
import type { User } from '../directory/user';
import { json, type Answer } from '../http/answer';
import { bearerToken, type ReceivedRequest } from '../http/request';
import type { AccessToken, TokenStore } from '../sign-in/token-store';
import type { Concurrency } from './concurrency';
import { badRequest, GraphError, invalidToken, toGraphErrorAnswer } from './graph-error';
import { requireRight } from './permission';
import { readPreferences } from './preference';
import type { RouteTable } from './route-table';
import { pick, readSelect } from './select';
import { answerBatch } from './batch';
import type { SubscriptionService } from './subscription-service';

/** Of one request's body: facts, "What changes our design", 4. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

const userProperties = ['id', 'displayName', 'mail', 'userPrincipalName', 'accountEnabled'];

/** Graph at `/v1.0`: who asks, for which mailbox, with which right, and what answers. */
export class GraphService {
	constructor(
		private readonly directory: Directory,
		private readonly tokens: TokenStore,
		private readonly routes: RouteTable,
		private readonly concurrency: Concurrency,
		private readonly subscriptions: SubscriptionService,
		private readonly now: () => number,
	) {}

	/** `path` is what comes after `/v1.0`. */
	async answer(request: ReceivedRequest, path: readonly string[], origin: string): Promise<Answer> {
		try {
			return await this.respond(request, path, origin);
		} catch (error) {
			if (!(error instanceof GraphError)) throw error;
			const clientId = request.headers['client-request-id']?.toString() ?? '';
			return toGraphErrorAnswer(error, this.now(), clientId);
		}
	}

	private async respond(
		request: ReceivedRequest,
		path: readonly string[],
		origin: string,
	): Promise<Answer> {
		const token = this.authenticate(request);
		if (request.body.length > MAX_BODY_BYTES) {
			throw new GraphError(413, 'BadRequest', 'The maximum request length supported is 4MB.');
		}
		if (path[0] === 'subscriptions') {
			return await this.subscriptions.answer(request, path.slice(1), token);
		}
		if (path[0] === '$batch' && request.method === 'POST') {
			return await answerBatch(
				request,
				async (part, steps) => await this.answer(part, steps, origin),
			);
		}
		const { owner, rest, root } = this.findOwner(path, token);
		if (rest.length === 0 && request.method === 'GET') return showUser(request, token, owner);
		const found = this.routes.find(request.method, rest);
		if (found === undefined) {
			throw this.routes.knows(rest)
				? new GraphError(
						405,
						'Request_BadRequest',
						'Specified HTTP method is not allowed for the request target.',
					)
				: badRequest(`Resource not found for the segment '${rest[0] ?? path[0] ?? ''}'.`);
		}
		requireRight(token, found.route.right, owner);
		const { mailbox } = owner;
		if (mailbox === undefined) {
			throw new GraphError(
				404,
				'MailboxNotEnabledForRESTAPI',
				'The mailbox is either inactive, soft-deleted, or is hosted on-premise.',
			);
		}
		return await this.concurrency.run(token, owner.id, async () => {
			const answer = await found.route.handle({
				request,
				token,
				owner,
				mailbox,
				preferences: readPreferences(request),
				base: `${origin}/v1.0/${root}`,
				ids: found.ids,
				nowMs: this.now(),
			});
			return withAppliedPreferences(answer, request);
		});
	}

	private authenticate(request: ReceivedRequest): AccessToken {
		const value = bearerToken(request);
		if (value === undefined) throw invalidToken('Access token is empty.');
		const known = this.tokens.access.get(value);
		if (known === undefined)
			throw invalidToken('CompactToken parsing failed with error code: 80049217');
		if (known.audience !== 'graph')
			throw invalidToken('Access token validation failure. Invalid audience.');
		if (this.tokens.find(value) === undefined) {
			throw invalidToken(
				known.isRevoked
					? 'Continuous access evaluation resulted in challenge with result: InteractionRequired and code: TokenIssuedBeforeRevocationTimestamp'
					: 'Lifetime validation failed, the token is expired.',
			);
		}
		return known;
	}

	private findOwner(
		path: readonly string[],
		token: AccessToken,
	): { owner: User; rest: readonly string[]; root: string } {
		if (path[0] === 'me') {
			if (token.user === undefined) {
				throw badRequest('/me request is only valid with delegated authentication flow.');
			}
			return { owner: token.user, rest: path.slice(1), root: 'me' };
		}
		if (path[0] !== 'users' || path[1] === undefined) {
			throw badRequest(`Resource not found for the segment '${path[0] ?? ''}'.`);
		}
		const owner = this.directory.findUser(path[1]);
		if (owner === undefined) {
			throw new GraphError(404, 'ErrorInvalidUser', `The requested user '${path[1]}' is invalid.`);
		}
		return { owner, rest: path.slice(2), root: `users('${encodeURIComponent(path[1])}')` };
	}
}

function showUser(request: ReceivedRequest, token: AccessToken, owner: User): Answer {
	requireRight(token, 'profile', owner);
	const select = readSelect(request.query, userProperties, 'microsoft.graph.user');
	const profile = {
		id: owner.id,
		displayName: owner.displayName,
		mail: owner.address,
		userPrincipalName: owner.address,
	};
	return json(200, pick(profile, select));
}

/** Says which preferences were followed, as Graph does: a client may notice that one was not. */
function withAppliedPreferences(answer: Answer, request: ReceivedRequest): Answer {
	const said = [request.headers.prefer ?? []].flat().join(', ');
	if (said === '' || answer.body === undefined) return answer;
	return { ...answer, headers: { ...answer.headers, 'preference-applied': said } };
}
