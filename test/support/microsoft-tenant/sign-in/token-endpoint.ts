import type { Application } from '../directory/application';
import type { Directory } from '../directory/directory';
import type { User } from '../directory/user';
import { json, type Answer } from '../http/answer';
import type { ReceivedRequest } from '../http/request';
import { authenticateClient, basicCredentials } from './client';
import type { CodeStore } from './code-store';
import { Form } from './form';
import { belongsTo, readScope, type RequestedScope } from './resource';
import { SignInError, toErrorAnswer } from './sign-in-error';
import type { TokenStore } from './token-store';

/** Entra's smart lockout: https://learn.microsoft.com/entra/identity/authentication/howto-password-smart-lockout. */
const WRONG_PASSWORDS_UNTIL_LOCKED = 10;
const SHARED_TENANTS = new Set(['common', 'organizations', 'consumers']);

/** A token request that was answered. */
export interface TokenRequest {
	readonly grant: string;
	readonly clientId: string;
	readonly scope: string;
	/** AADSTS number, where it was refused. */
	readonly refusedWith: number | undefined;
}

/** `POST /{tenant}/oauth2/v2.0/token` */
export class TokenEndpoint {
	readonly requests: TokenRequest[] = [];
	/** Default false, as at Microsoft: an old refresh token stays valid when a new one is issued. */
	refreshTokensAreSingleUse = false;
	/** An AADSTS number that ends every request, until it is undefined again. */
	refuseAll: number | undefined;
	private readonly refusals: number[] = [];
	private readonly usedAssertions = new Set<string>();
	private readonly wrongPasswords = new Map<User, number>();

	constructor(
		private readonly directory: Directory,
		private readonly tokens: TokenStore,
		private readonly codes: CodeStore,
		private readonly now: () => number,
	) {}

	/** The next requests end with these AADSTS numbers. */
	refuseNext(...numbers: number[]): void {
		this.refusals.push(...numbers);
	}

	answer(request: ReceivedRequest, tenant: string, origin: string): Answer {
		const form = new Form(request.body);
		const refused = (number?: number) =>
			this.requests.push({
				grant: form.get('grant_type') ?? '',
				clientId: clientIdOf(form, request) ?? '',
				scope: form.get('scope') ?? '',
				refusedWith: number,
			});
		try {
			const content = this.grant(request, form, tenant, origin);
			refused();
			return json(200, content, { 'cache-control': 'no-store' });
		} catch (error) {
			if (!(error instanceof SignInError)) throw error;
			refused(error.number);
			const correlation = request.headers['client-request-id'];
			return toErrorAnswer(error, this.now(), correlation?.toString());
		}
	}

	private grant(
		request: ReceivedRequest,
		form: Form,
		tenant: string,
		origin: string,
	): Record<string, unknown> {
		const onCommand = this.refusals.shift() ?? this.refuseAll;
		const clientId = clientIdOf(form, request);
		if (onCommand !== undefined) throw new SignInError(onCommand, clientId);
		this.checkTenant(tenant);
		const grant = form.need('grant_type');
		const application = this.findApplication(clientId ?? form.need('client_id'));
		this.checkSharedTenant(tenant, grant, application);
		authenticateClient(form, request.headers.authorization, {
			application,
			audiences: [this.directory.tenantId, this.directory.domain].flatMap((name) => [
				`${origin}/${name}/oauth2/v2.0/token`,
				`https://login.microsoftonline.com/${name}/oauth2/v2.0/token`,
			]),
			nowMs: this.now(),
			used: this.usedAssertions,
		});
		if (grant === 'client_credentials') return this.grantToApplication(form, application);
		if (grant === 'password') return this.grantToPassword(form, application);
		if (grant === 'refresh_token') return this.grantToRefreshToken(form, application);
		if (grant === 'authorization_code') return this.grantToCode(form, application);
		throw new SignInError(900144, 'grant_type');
	}

	private grantToApplication(form: Form, application: Application): Record<string, unknown> {
		const scope = form.need('scope');
		const wanted = readScope(scope);
		if (!wanted.isDefault || wanted.isOffline) throw new SignInError(1002012, scope);
		const permissions = application.appPermissions.filter((each) =>
			belongsTo(each, wanted.audience),
		);
		const token = this.tokens.issue({
			audience: wanted.audience,
			application,
			user: undefined,
			permissions,
		});
		// No refresh token: https://datatracker.ietf.org/doc/html/rfc6749#section-4.4.3
		return this.toContent(token.value);
	}

	private grantToPassword(form: Form, application: Application): Record<string, unknown> {
		const name = form.need('username');
		const password = form.need('password');
		const wanted = readScope(form.need('scope'));
		const user = this.directory.findUser(name);
		if (user === undefined) throw new SignInError(50034, name);
		const wrong = this.wrongPasswords.get(user) ?? 0;
		if (wrong >= WRONG_PASSWORDS_UNTIL_LOCKED) throw new SignInError(50053);
		if (user.signInProblem !== undefined) throw new SignInError(user.signInProblem);
		if (user.password === undefined || user.password !== password) {
			this.wrongPasswords.set(user, wrong + 1);
			throw new SignInError(50126);
		}
		this.wrongPasswords.delete(user);
		return this.toUserTokens(application, user, wanted);
	}

	private grantToRefreshToken(form: Form, application: Application): Record<string, unknown> {
		const token = this.tokens.refresh.get(form.need('refresh_token'));
		if (token === undefined || token.application !== application) throw new SignInError(70008);
		if (token.problem !== undefined) throw new SignInError(token.problem);
		const { user } = token;
		if (user.signInProblem !== undefined) throw new SignInError(user.signInProblem);
		if (this.refreshTokensAreSingleUse) token.problem = 70008;
		const scope = form.get('scope') ?? token.permissions.join(' ');
		return this.toUserTokens(application, user, { ...readScope(scope), isOffline: true });
	}

	private grantToCode(form: Form, application: Application): Record<string, unknown> {
		const { user, scope } = this.codes.redeem(form.need('code'), {
			application,
			redirectUri: form.need('redirect_uri'),
			verifier: form.get('code_verifier'),
		});
		if (user.signInProblem !== undefined) throw new SignInError(user.signInProblem);
		return this.toUserTokens(application, user, readScope(form.get('scope') ?? scope));
	}

	private toUserTokens(
		application: Application,
		user: User,
		wanted: RequestedScope,
	): Record<string, unknown> {
		const consented = application.delegatedPermissions;
		const ofAudience = consented.filter((each) => belongsTo(each, wanted.audience));
		const isMissing = wanted.permissions.some((each) => !ofAudience.includes(each));
		if (isMissing || ofAudience.length === 0) throw new SignInError(65001, application.clientId);
		// What has been consented to is in the token, asked for or not.
		const token = this.tokens.issue({
			audience: wanted.audience,
			application,
			user,
			permissions: ofAudience,
		});
		const prefix = wanted.audience === 'graph' ? '' : 'https://outlook.office.com/';
		const scope = ofAudience.map((each) => `${prefix}${each}`);
		const refresh =
			wanted.isOffline && this.tokens.issueRefresh({ application, user, permissions: scope }).value;
		return {
			...this.toContent(token.value),
			scope: scope.join(' '),
			...(refresh === false ? {} : { refresh_token: refresh }),
			...(wanted.isOpenId ? { id_token: toIdToken(application, user) } : {}),
		};
	}

	private toContent(access_token: string): Record<string, unknown> {
		const { lifetimeSeconds } = this.tokens;
		return {
			token_type: 'Bearer',
			expires_in: lifetimeSeconds,
			ext_expires_in: lifetimeSeconds,
			access_token,
		};
	}

	private checkTenant(tenant: string): void {
		if (SHARED_TENANTS.has(tenant) || this.directory.isCalled(tenant)) return;
		const isPossible =
			/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(tenant) ||
			/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(tenant);
		throw new SignInError(isPossible ? 90002 : 900023, tenant);
	}

	private checkSharedTenant(tenant: string, grant: string, application: Application): void {
		if (!SHARED_TENANTS.has(tenant)) return;
		if (grant === 'client_credentials') throw new SignInError(90130);
		if (grant === 'password') {
			if (tenant !== 'organizations') throw new SignInError(9001023);
			return;
		}
		throw new SignInError(50194, application.clientId);
	}

	private findApplication(clientId: string): Application {
		const application = this.directory.findApplication(clientId);
		if (application === undefined) throw new SignInError(700016, clientId);
		if (application.isDisabled) throw new SignInError(7000112, clientId);
		return application;
	}
}

function clientIdOf(form: Form, request: ReceivedRequest): string | undefined {
	return form.get('client_id') ?? basicCredentials(request.headers.authorization)?.clientId;
}

/** For whoever wants to know who has signed in; not signed, as nobody here checks it. */
function toIdToken({ clientId }: Application, { address, displayName }: User): string {
	const toPart = (content: object) => Buffer.from(JSON.stringify(content)).toString('base64url');
	const claims = { aud: clientId, preferred_username: address, name: displayName };
	return `${toPart({ alg: 'none', typ: 'JWT' })}.${toPart(claims)}.`;
}
