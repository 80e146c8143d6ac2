import type { GraphAccount, GraphRequest } from '../../../../mail/connector';

export interface SeenRequest extends GraphRequest {
	readonly url: string;
}

type Answer = Response | Error | ((request: SeenRequest) => Response | Promise<Response>);

/** An account whose service answers by heart; the last answer is given again and again. */
export function scriptAccount(...answers: Answer[]) {
	const seen: SeenRequest[] = [];
	let next = 0;
	const account: GraphAccount = {
		protocol: 'graph',
		origin: 'https://graph.example.test',
		mailbox: `${String(Math.random())}@example.test`,
		signInKey: 'app',
		transport: {
			fetch: async (url, request) => {
				const asked = { ...request, url };
				seen.push(asked);
				const answer = answers[Math.min(next++, answers.length - 1)];
				if (answer === undefined) throw new Error('no answer');
				if (answer instanceof Error) throw answer;
				return answer instanceof Response ? answer.clone() : await answer(asked);
			},
		},
	};
	return { account, seen };
}

export function json(body: unknown, init: ResponseInit = {}): Response {
	return new Response(JSON.stringify(body), {
		...init,
		headers: { 'Content-Type': 'application/json', ...init.headers },
	});
}

export function refusal(status: number, code = '', headers: Record<string, string> = {}): Response {
	return json({ error: { code, message: `About ${code}.` } }, { status, headers });
}
