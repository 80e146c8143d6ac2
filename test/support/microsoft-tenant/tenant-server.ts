import type { GraphService } from './graph/graph-service';
import { CUT, json, type Answer } from './http/answer';
import type { ReceivedRequest } from './http/request';
import type { LoggedRequest } from './request-log';
import { introspect } from './sign-in/introspection';
import type { MicrosoftTenant } from './tenant';

/** The hosts of the tenant: which part answers which path, with what has been ordered to go wrong. */
export class TenantServer {
	constructor(
		private readonly tenant: MicrosoftTenant,
		private readonly graph: GraphService,
	) {}

	/** login.microsoftonline.com and graph.microsoft.com in one. */
	async answer(request: ReceivedRequest, origin: string): Promise<Answer | typeof CUT> {
		return await this.withFaults('main', request, async () => {
			const [first = '', ...rest] = request.path;
			if (first === 'v1.0') return await this.graph.answer(request, rest, origin);
			if (rest.join('/') === 'oauth2/v2.0/token' && request.method === 'POST') {
				return this.tenant.signIn.answer(request, first, origin);
			}
			if (rest.join('/') === 'oauth2/v2.0/authorize') return this.tenant.page.answer(request);
			if (first === 'introspection') {
				return introspect(request, rest[0], this.tenant.tokens, this.tenant.directory);
			}
			return json(404, { error: { code: 'NotFound', message: 'There is nothing here.' } });
		});
	}

	async upload(request: ReceivedRequest): Promise<Answer | typeof CUT> {
		return await this.withFaults('upload', request, async () =>
			this.tenant.uploads.answer(request),
		);
	}

	/** Answers everything: what matters is whether a token came along. */
	async stranger(request: ReceivedRequest): Promise<Answer | typeof CUT> {
		const answer = json(200, { value: [] });
		this.tenant.requests.add('stranger', request, answer);
		return answer;
	}

	private async withFaults(
		host: LoggedRequest['host'],
		request: ReceivedRequest,
		work: () => Promise<Answer>,
	): Promise<Answer | typeof CUT> {
		const fault = this.tenant.faults.take(request);
		const own = fault !== undefined && fault.when !== 'after' ? undefined : await work();
		if (host === 'main' && request.path[0] === 'v1.0') {
			this.tenant.description.look(request, request.path.slice(1), own);
		}
		const answer = fault?.answer ?? own ?? CUT;
		this.tenant.requests.add(host, request, answer);
		return answer;
	}
}
