import { createHash, randomBytes } from 'node:crypto';
import { certificateAuthority } from '../certificate';
import { html, json, redirect, type Answer } from '../microsoft-tenant/http/answer';
import { listen, type Listener } from '../microsoft-tenant/http/listener';
import { bearerToken, type ReceivedRequest } from '../microsoft-tenant/http/request';
import { trustingFetch } from '../microsoft-tenant/http/trusting-fetch';
import { basicCredentials } from '../microsoft-tenant/sign-in/client';
import { toConsentForm } from './consent-form';

export interface ProviderTokenRequest {
	readonly grant: string;
	readonly clientId: string;
	readonly scope: string;
	readonly status: number;
}

export interface Refusal {
	/** Default 400. */
	readonly status?: number;
	/** RFC 6749, section 5.2. */
	readonly error: string;
	readonly text?: string;
}

interface Code {
	readonly scope: string;
	readonly redirectUri: string;
	readonly challenge: string | null;
	readonly isOffline: boolean;
}

/** An OAuth2 provider as Google's: see README.md. */
export class OAuthProvider {
	readonly clientId = 'client.apps.example';
	readonly clientSecret = 'provider-secret';
	readonly redirectUris: string[] = [];
	readonly tokenRequests: ProviderTokenRequest[] = [];
	user = 'anna@mail.example';
	consent: 'automatic' | 'button' | 'decline' = 'automatic';
	lifetimeSeconds = 3599;
	rotatesRefreshTokens = false;
	authorityPem = '';
	private listener: Listener | undefined;
	private hasConsented = false;
	private readonly refusals: Refusal[] = [];
	private readonly codes = new Map<string, Code>();
	/** Value to scope. */
	private readonly refreshTokens = new Map<string, string>();
	private readonly accessTokens = new Map<string, { expiresAtMs: number; readonly user: string }>();

	async start(): Promise<void> {
		this.authorityPem = (await certificateAuthority()).certificatePem;
		this.listener = await listen(async (request) => this.answer(request));
	}

	async close(): Promise<void> {
		await this.listener?.close();
	}

	get url(): string {
		return this.listener?.origin ?? '';
	}

	get authorizeUrl(): string {
		return `${this.url}/authorize`;
	}

	get tokenUrl(): string {
		return `${this.url}/token`;
	}

	get tokenInfoUrl(): string {
		return `${this.url}/tokeninfo`;
	}

	get introspectionUrl(): string {
		return `${this.url}/introspection`;
	}

	get fetch(): typeof fetch {
		return trustingFetch(this.authorityPem);
	}

	issue(): string {
		const value = `ya29.${randomBytes(48).toString('base64url')}`;
		const expiresAtMs = Date.now() + this.lifetimeSeconds * 1000;
		this.accessTokens.set(value, { expiresAtMs, user: this.user });
		return value;
	}

	/** Whether it is good at this moment, and whose it is. */
	ownerOf(accessToken: string): string | undefined {
		const token = this.accessTokens.get(accessToken);
		return token !== undefined && token.expiresAtMs > Date.now() ? token.user : undefined;
	}

	refuseNext(refusal: Refusal): void {
		this.refusals.push(refusal);
	}

	expireAccessTokens(): void {
		for (const token of this.accessTokens.values()) token.expiresAtMs = 0;
	}

	revokeAll(): void {
		this.accessTokens.clear();
		this.refreshTokens.clear();
		this.hasConsented = false;
	}

	private answer(request: ReceivedRequest): Answer {
		const [place, mailbox] = request.path;
		if (place === 'authorize') return this.authorize(request);
		if (place === 'token' && request.method === 'POST') return this.grant(request);
		if (place === 'introspection' || place === 'tokeninfo') {
			const value = bearerToken(request) ?? request.query.get('access_token') ?? '';
			const owner = this.ownerOf(value);
			if (owner === undefined && place === 'tokeninfo') {
				return json(400, { error: 'invalid_token', error_description: 'Invalid Value' });
			}
			const isRight = owner !== undefined && (mailbox ?? owner) === owner;
			return json(
				200,
				isRight ? { active: true, email: owner, username: owner } : { active: false },
			);
		}
		return json(404, { error: 'not_found' });
	}

	private authorize(request: ReceivedRequest): Answer {
		const { query } = request;
		const redirectUri = query.get('redirect_uri') ?? '';
		if (query.get('client_id') !== this.clientId || !this.redirectUris.includes(redirectUri)) {
			return html(400, '<h1>Error 400: redirect_uri_mismatch</h1>');
		}
		if (this.consent === 'button' && request.method === 'GET') {
			return html(200, toConsentForm(request.url));
		}
		const back = new URL(redirectUri);
		back.searchParams.set('state', query.get('state') ?? '');
		if (this.consent === 'decline' || request.body.toString().includes('cancel')) {
			back.searchParams.set('error', 'access_denied');
			return redirect(back.href);
		}
		const isAskedAgain = (query.get('prompt') ?? '').includes('consent');
		const code = `4/${randomBytes(24).toString('base64url')}`;
		this.codes.set(code, {
			scope: query.get('scope') ?? '',
			redirectUri,
			challenge: query.get('code_challenge'),
			isOffline: query.get('access_type') === 'offline' && (isAskedAgain || !this.hasConsented),
		});
		this.hasConsented = true;
		back.searchParams.set('code', code);
		return redirect(back.href);
	}

	private grant(request: ReceivedRequest): Answer {
		const form = new URLSearchParams(request.body.toString());
		const basic = basicCredentials(request.headers.authorization);
		const clientId = form.get('client_id') ?? basic?.clientId ?? '';
		const secret = form.get('client_secret') ?? basic?.secret;
		const isKnown = clientId === this.clientId && secret === this.clientSecret;
		const answer = isKnown
			? this.redeem(form)
			: refuse({ status: 401, error: 'invalid_client', text: 'The OAuth client was not found.' });
		this.tokenRequests.push({
			grant: form.get('grant_type') ?? '',
			clientId,
			scope: form.get('scope') ?? '',
			status: answer.status,
		});
		return answer;
	}

	private redeem(form: URLSearchParams): Answer {
		const refusal = this.refusals.shift();
		if (refusal !== undefined) return refuse(refusal);
		if (form.get('grant_type') === 'refresh_token') return this.refresh(form);
		const value = form.get('code') ?? '';
		const code = this.codes.get(value);
		const hash = createHash('sha256').update(form.get('code_verifier') ?? '');
		const isRight =
			code !== undefined &&
			code.redirectUri === form.get('redirect_uri') &&
			(code.challenge === null || code.challenge === hash.digest('base64url'));
		if (!isRight) return refuse({ error: 'invalid_grant', text: 'Bad Request' });
		this.codes.delete(value);
		return this.give(code.scope, code.isOffline);
	}

	private refresh(form: URLSearchParams): Answer {
		const value = form.get('refresh_token') ?? '';
		const scope = this.refreshTokens.get(value);
		if (scope === undefined) {
			return refuse({ error: 'invalid_grant', text: 'Token has been expired or revoked.' });
		}
		if (this.rotatesRefreshTokens) this.refreshTokens.delete(value);
		return this.give(scope, this.rotatesRefreshTokens);
	}

	private give(scope: string, withRefreshToken: boolean): Answer {
		const refresh = `1//${randomBytes(32).toString('base64url')}`;
		if (withRefreshToken) this.refreshTokens.set(refresh, scope);
		return json(200, {
			access_token: this.issue(),
			expires_in: this.lifetimeSeconds,
			scope,
			token_type: 'Bearer',
			...(withRefreshToken ? { refresh_token: refresh } : {}),
		});
	}
}

export async function startOAuthProvider(): Promise<OAuthProvider> {
	const provider = new OAuthProvider();
	await provider.start();
	return provider;
}

function refuse({ status = 400, error, text }: Refusal): Answer {
	return json(status, { error, ...(text === undefined ? {} : { error_description: text }) });
}
