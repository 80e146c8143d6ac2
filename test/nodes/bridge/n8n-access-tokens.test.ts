import { inspect } from 'node:util';
import { REFUSED_SIGN_IN_PAUSE_MS } from '../../../mail/limits';
import { createAccessTokens } from '../../../nodes/bridge/n8n-access-tokens';

const TYPE = 'smtpImapOAuth2Api';
const MINUTE_MS = 60_000;

interface TokenData {
	readonly access_token?: string;
	readonly refresh_token?: string;
	readonly expires_in?: number | string;
	readonly n8n_expires_at?: string;
}

let credentials = 0;

/** n8n with one credential of its own, and a provider that renews it. */
function fakeHost(initial: TokenData | undefined, renew?: () => Promise<TokenData>) {
	const place = { stored: initial, renewals: 0 };
	const id = `c${++credentials}`;
	const node = { credentials: { [TYPE]: { id, name: 'Support' } } };
	const context = {
		getNode: () => ({
			id: 'n',
			name: 'Node',
			type: 't',
			typeVersion: 1,
			position: [0, 0] as [number, number],
			parameters: {},
			...node,
		}),
		getCredentials: async <T extends object>() =>
			await Promise.resolve(JSON.parse(JSON.stringify({ oauthTokenData: place.stored })) as T),
		helpers:
			renew === undefined
				? {}
				: {
						refreshOAuth2Token: async () => {
							place.renewals++;
							place.stored = await renew();
						},
					},
	};
	return { place, context, tokens: createAccessTokens(context, TYPE) };
}

const inMinutes = (minutes: number) => String(Date.now() + minutes * MINUTE_MS);
const data = (token: string, minutes: number): TokenData => ({
	access_token: token,
	refresh_token: 'refresh-token',
	expires_in: 3600,
	n8n_expires_at: inMinutes(minutes),
});
const failureOf = async (work: Promise<unknown>): Promise<unknown> =>
	await work.then(
		() => 'no failure',
		(error: unknown) => error,
	);

describe('the access tokens of a credential in n8n', () => {
	it('are those that n8n has stored, with the end that n8n has noted', async () => {
		const { tokens, place } = fakeHost(data('stored', 30), async () => data('new', 60));
		const { token, expiresAt } = await tokens.get();
		expect(token.reveal()).toBe('stored');
		expect(expiresAt).toBe(Number(place.stored?.n8n_expires_at));
		expect(place.renewals).toBe(0);
	});

	it('are renewed through n8n minutes before they end', async () => {
		const { tokens, place } = fakeHost(data('old', 4), async () => data('new', 60));
		expect((await tokens.get()).token.reveal()).toBe('new');
		expect((await tokens.get()).token.reveal()).toBe('new');
		expect(place.renewals).toBe(1);
	});

	it('are renewed once, however many ask, also through other nodes', async () => {
		let release: () => void = () => undefined;
		const gate = new Promise<void>((resolve) => (release = resolve));
		const { tokens, context, place } = fakeHost(data('old', 1), async () => {
			await gate;
			return data('new', 60);
		});
		const others = createAccessTokens(context, TYPE);
		const asked = Promise.all([tokens.get(), others.get(), tokens.get()]);
		release();
		expect((await asked).map(({ token }) => token.reveal())).toEqual(['new', 'new', 'new']);
		expect(place.renewals).toBe(1);
	});

	it('are renewed where the server has refused one, but not where n8n has a newer one', async () => {
		const { tokens, place } = fakeHost(data('revoked', 30), async () => data('new', 60));
		tokens.discard((await tokens.get()).token);
		expect((await tokens.get()).token.reveal()).toBe('new');
		expect(place.renewals).toBe(1);
		tokens.discard((await tokens.get()).token);
		place.stored = data('by somebody else', 60);
		expect((await tokens.get()).token.reveal()).toBe('by somebody else');
		expect(place.renewals).toBe(1);
	});

	it('end, as far as older hosts let know, no later than a life after they were seen first', async () => {
		const { tokens } = fakeHost({ access_token: 'undated', expires_in: '3600' });
		const before = Date.now();
		const { expiresAt = 0 } = await tokens.get();
		expect(expiresAt).toBeGreaterThanOrEqual(before + 3_600_000);
		expect((await tokens.get()).expiresAt).toBe(expiresAt);
	});

	it('are taken as they are where nobody knows their end', async () => {
		const { tokens } = fakeHost({ access_token: 'endless' });
		expect((await tokens.get()).expiresAt).toBeUndefined();
	});

	it('that last shorter than the lead are used for half of their life', async () => {
		const short = (minutes: number) => ({ ...data('short', minutes), expires_in: 120 });
		const { tokens, place } = fakeHost(short(1.5), async () => short(2));
		await tokens.get();
		expect(place.renewals).toBe(0);
		place.stored = short(0.9);
		await tokens.get();
		expect(place.renewals).toBe(1);
	});

	it.each([undefined, {}, { access_token: '' }])(
		'are asked of a connector that is not connected: %j',
		async (stored) => {
			const { tokens } = fakeHost(stored, async () => data('new', 60));
			expect(await failureOf(tokens.get())).toMatchObject({ code: 'auth.notConnected' });
		},
	);

	it('say that the provider has given no refresh token', async () => {
		const { tokens } = fakeHost({ ...data('old', 0), refresh_token: undefined }, async () =>
			data('new', 60),
		);
		expect(await failureOf(tokens.get())).toMatchObject({
			code: 'auth.expired',
			remedy: expect.stringContaining('refresh token') as string,
		});
	});

	it.each([
		[
			'a revoked sign-in',
			Object.assign(new Error('x'), {
				status: 400,
				body: {
					error: 'invalid_grant',
					error_description: 'AADSTS700082: expired. Trace ID: 1-2',
				},
			}),
			{ code: 'auth.expired', retryable: false, serverReply: expect.stringContaining('Trace ID') },
		],
		[
			'a revoked sign-in in n8n 2',
			Object.assign(new Error('The credential needs to be reconnected.'), {
				failure: { cause: 'credential-invalid' },
			}),
			{ code: 'auth.expired', retryable: false },
		],
		[
			'a provider in trouble',
			Object.assign(new Error('x'), { status: 503, body: '{"error":"temporarily_unavailable"}' }),
			{ code: 'server.unavailable', retryable: true },
		],
		[
			'a provider that is not reached',
			Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }),
			{ code: 'server.unavailable', retryable: true },
		],
	])('tell of %s without a token', async (_case, failure, expected) => {
		const { tokens } = fakeHost(data('old-token', 0), async () => await Promise.reject(failure));
		const error = await failureOf(tokens.get());
		expect(error).toMatchObject(expected);
		expect(inspect(error, { depth: 10 })).not.toMatch(/old-token|refresh-token/);
	});

	it('are kept where a fresh one is refused: it is not the token then', async () => {
		jest.useFakeTimers();
		try {
			let renewals = 0;
			const { tokens, place } = fakeHost(data('first', 0), async () =>
				data(`renewed ${++renewals}`, 60),
			);
			const { token } = await tokens.get();
			tokens.discard(token);
			expect((await tokens.get()).token.reveal()).toBe('renewed 1');
			expect(place.renewals).toBe(1);

			jest.advanceTimersByTime(2 * MINUTE_MS);
			tokens.discard(token);
			expect((await tokens.get()).token.reveal()).toBe('renewed 2');
		} finally {
			jest.useRealTimers();
		}
	});

	it('say what is wrong with the app, which connecting again would not mend', async () => {
		const body = { error: 'invalid_client', error_description: 'AADSTS7000222: expired keys.' };
		const { tokens } = fakeHost(
			data('of an app', 0),
			async () => await Promise.reject(Object.assign(new Error('x'), { status: 401, body })),
		);
		expect(await failureOf(tokens.get())).toMatchObject({
			title: 'The client secret has expired',
			remedy: expect.stringContaining('new secret') as string,
			serverReply: expect.stringContaining('AADSTS7000222') as string,
		});
	});

	it('go on with the present one while the provider is not reached, unless the server refuses it', async () => {
		const { tokens } = fakeHost(
			data('present', 3),
			async () => await Promise.reject(new Error('socket hang up')),
		);
		const { token } = await tokens.get();
		expect(token.reveal()).toBe('present');
		tokens.discard(token);
		expect(await failureOf(tokens.get())).toMatchObject({ code: 'server.unavailable' });
	});

	describe('after a refusal', () => {
		beforeEach(() => jest.useFakeTimers({ now: Date.now() }));
		afterEach(() => jest.useRealTimers());
		const refusal = Object.assign(new Error('x'), {
			status: 400,
			body: { error: 'invalid_grant' },
		});

		it('are not asked for again at once: providers lock those out who do', async () => {
			const { tokens, context, place } = fakeHost(
				data('old', 0),
				async () => await Promise.reject(refusal),
			);
			expect(await failureOf(tokens.get())).toMatchObject({ code: 'auth.expired' });
			const others = createAccessTokens(context, TYPE);
			expect(await failureOf(others.get())).toMatchObject({ code: 'auth.expired' });
			expect(place.renewals).toBe(1);
			jest.advanceTimersByTime(REFUSED_SIGN_IN_PAUSE_MS);
			expect(await failureOf(tokens.get())).toMatchObject({ code: 'auth.expired' });
			expect(place.renewals).toBe(2);
		});

		it('are there at once when somebody has connected again', async () => {
			const { tokens, place } = fakeHost(data('old', 0), async () => await Promise.reject(refusal));
			expect(await failureOf(tokens.get())).toMatchObject({ code: 'auth.expired' });
			place.stored = data('connected again', 60);
			expect((await tokens.get()).token.reveal()).toBe('connected again');
		});
	});

	it('say that a host without the call is too old', async () => {
		const { tokens } = fakeHost(data('old', 0));
		expect(await failureOf(tokens.get())).toMatchObject({
			code: 'auth.expired',
			remedy: expect.stringContaining('Update n8n') as string,
		});
	});
});
