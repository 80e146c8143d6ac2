import { startOAuthProvider, type OAuthProvider } from '../support/oauth-provider/provider';

const redirect_uri = 'https://n8n.example/rest/oauth2-credential/callback';
let provider: OAuthProvider;
beforeEach(async () => {
	provider = await startOAuthProvider();
	provider.redirectUris.push(redirect_uri);
});
afterEach(async () => {
	await provider.close();
});

async function authorize(more: Record<string, string> = {}): Promise<URLSearchParams> {
	const query = new URLSearchParams({
		client_id: provider.clientId,
		redirect_uri,
		response_type: 'code',
		scope: 'https://mail.google.com/',
		state: 's',
		...more,
	});
	const answer = await provider.fetch(`${provider.authorizeUrl}?${query}`);
	return new URL(answer.headers.get('location') ?? '').searchParams;
}

async function ask(fields: Record<string, string>) {
	const answer = await provider.fetch(provider.tokenUrl, {
		method: 'POST',
		body: new URLSearchParams({
			client_id: provider.clientId,
			client_secret: provider.clientSecret,
			...fields,
		}),
	});
	// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the tests expect its shape
	return { status: answer.status, body: (await answer.json()) as any };
}

const redeem = async (more: Record<string, string> = {}) =>
	await ask({
		grant_type: 'authorization_code',
		redirect_uri,
		code: (await authorize(more)).get('code') ?? '',
	});

describe('the provider', () => {
	it('gives a refresh token only offline, and only at the first consent', async () => {
		expect((await redeem({ access_type: 'offline' })).body).toHaveProperty('refresh_token');
		expect((await redeem({ access_type: 'offline' })).body).not.toHaveProperty('refresh_token');
		const again = await redeem({ access_type: 'offline', prompt: 'consent' });
		expect(again.body).toHaveProperty('refresh_token');
	});

	it('refreshes without a new refresh token, until the consent is taken back', async () => {
		const { body } = await redeem({ access_type: 'offline' });
		const refresh = async () =>
			await ask({ grant_type: 'refresh_token', refresh_token: body.refresh_token });
		const next = await refresh();
		expect(next.body).not.toHaveProperty('refresh_token');
		expect(provider.ownerOf(next.body.access_token)).toBe(provider.user);
		provider.revokeAll();
		expect(await refresh()).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
		expect(provider.ownerOf(next.body.access_token)).toBeUndefined();
	});

	it('rotates refresh tokens and refuses on command', async () => {
		provider.rotatesRefreshTokens = true;
		const { body } = await redeem({ access_type: 'offline' });
		const refresh = async (refresh_token: string) =>
			await ask({ grant_type: 'refresh_token', refresh_token });
		expect((await refresh(body.refresh_token)).body).toHaveProperty('refresh_token');
		expect((await refresh(body.refresh_token)).status).toBe(400);
		provider.refuseNext({ status: 503, error: 'temporarily_unavailable' });
		expect((await refresh('x')).status).toBe(503);
	});

	it('knows its client, its callback and a user who declines', async () => {
		expect((await ask({ client_secret: 'wrong' })).body.error).toBe('invalid_client');
		provider.consent = 'decline';
		expect((await authorize()).get('error')).toBe('access_denied');
		const stranger = await provider.fetch(`${provider.authorizeUrl}?redirect_uri=https://x`);
		expect(stranger.status).toBe(400);
	});
});
