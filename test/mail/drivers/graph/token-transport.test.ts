import { createTokenTransport } from '../../../../mail/drivers/graph/token-transport';
import { ScriptedTokens } from '../../../support/access-tokens';

/** Answers with these statuses, and notes the tokens that came. */
function scriptService(...statuses: number[]) {
	const tokens = new ScriptedTokens('old', 'new');
	const seen: string[] = [];
	const { fetch } = createTokenTransport(tokens, async (_url, { headers }) => {
		seen.push(headers['Authorization'] ?? '');
		return await Promise.resolve(new Response(null, { status: statuses[seen.length - 1] ?? 200 }));
	});
	const ask = async () => await fetch('https://graph.example.test', { method: 'GET', headers: {} });
	return { ask, seen, tokens };
}

describe('requests with a token', () => {
	it('are repeated once with another one where theirs is refused', async () => {
		const { ask, seen } = scriptService(401, 401);
		expect((await ask()).status).toBe(401);
		expect(seen).toEqual(['Bearer old', 'Bearer new']);
	});

	it('that lack a right are not repeated, and the next has a token that may have it', async () => {
		const { ask, seen } = scriptService(403);
		expect((await ask()).status).toBe(403);
		expect(seen).toEqual(['Bearer old']);
		expect((await ask()).status).toBe(200);
		expect(seen).toEqual(['Bearer old', 'Bearer new']);
	});

	it('keep their token where anything else is wrong', async () => {
		const { ask, tokens } = scriptService(404, 429, 503);
		for (let count = 0; count < 3; count++) await ask();
		expect(tokens.discarded).toEqual([]);
	});
});
