import type { Application } from '../directory/application';
import type { Directory } from '../directory/directory';
import type { User } from '../directory/user';
import { html, redirect, type Answer } from '../http/answer';
import type { ReceivedRequest } from '../http/request';
import type { CodeStore } from './code-store';
import { readScope } from './resource';
import { SignInError, toErrorText } from './sign-in-error';

/** What the person before the browser does. */
export interface Consent {
	/** `button`: a page with buttons "Accept" and "Cancel" (ids `accept` and `cancel`). Default `automatic`. */
	manner: 'automatic' | 'button' | 'decline';
	/** Who signs in, unless the request has a `login_hint`. Default: the first user. */
	address: string | undefined;
}

/** `/{tenant}/oauth2/v2.0/authorize`: authorization code with PKCE, for a browser. */
export class ConsentPage {
	readonly consent: Consent = { manner: 'automatic', address: undefined };

	constructor(
		private readonly directory: Directory,
		private readonly codes: CodeStore,
		private readonly now: () => number,
	) {}

	answer(request: ReceivedRequest): Answer {
		const { query } = request;
		let application: Application;
		let redirectUri: string;
		try {
			application = this.findApplication(query.get('client_id') ?? '');
			redirectUri = query.get('redirect_uri') ?? '';
			if (!application.redirectUris.includes(redirectUri)) {
				throw new SignInError(50011, redirectUri);
			}
		} catch (error) {
			// Where the client cannot be trusted, the browser is sent nowhere: RFC 6749, section 4.1.2.1.
			if (error instanceof SignInError) return html(400, toPage(`<p>${error.message}</p>`));
			throw error;
		}
		if (this.consent.manner === 'button' && request.method === 'GET') {
			return html(200, toPage(toForm(request, application)));
		}
		const back = new URL(redirectUri);
		const state = query.get('state');
		if (state !== null) back.searchParams.set('state', state);
		try {
			back.searchParams.set('code', this.decide(request, application, redirectUri));
			back.searchParams.set('session_state', '00000000-0000-0000-0000-000000000000');
		} catch (error) {
			if (!(error instanceof SignInError)) throw error;
			back.searchParams.set('error', error.error);
			back.searchParams.set('error_description', toErrorText(error, this.now()));
		}
		return redirect(back.href);
	}

	private decide(request: ReceivedRequest, application: Application, redirectUri: string): string {
		const isCancelled = request.method === 'POST' && request.body.toString().includes('cancel');
		if (isCancelled || this.consent.manner === 'decline') throw new SignInError(65004);
		const { query } = request;
		if (query.get('response_type') !== 'code') throw new SignInError(900144, 'response_type');
		const user = this.findUser(query.get('login_hint') ?? this.consent.address);
		const scope = query.get('scope') ?? '';
		const { permissions } = readScope(scope);
		const isAdminMatter = permissions.some((each) => application.adminPermissions.has(each));
		if (isAdminMatter) throw new SignInError(90094, application.clientId);
		// Consent stays: the next sign-in has these permissions too.
		for (const each of permissions) {
			if (!application.delegatedPermissions.includes(each)) {
				application.delegatedPermissions.push(each);
			}
		}
		const challenge = query.get('code_challenge') ?? undefined;
		return this.codes.give({ application, user, scope, redirectUri, challenge });
	}

	private findApplication(clientId: string): Application {
		const application = this.directory.findApplication(clientId);
		if (application === undefined) throw new SignInError(700016, clientId);
		if (application.isDisabled) throw new SignInError(7000112, clientId);
		return application;
	}

	private findUser(address: string | undefined): User {
		const user = address === undefined ? this.directory.users[0] : this.directory.findUser(address);
		if (user === undefined) throw new SignInError(50020, address);
		if (user.signInProblem !== undefined) throw new SignInError(user.signInProblem);
		return user;
	}
}

function toForm(request: ReceivedRequest, { clientId }: Application): string {
	const scope = escape(request.query.get('scope') ?? '');
	return `<h1>Permissions requested</h1><p>${escape(clientId)}</p><p>${scope}</p>
<form method="post" action="${escape(request.url)}">
<button id="cancel" name="decision" value="cancel">Cancel</button>
<button id="accept" name="decision" value="accept">Accept</button>
</form>`;
}

function toPage(content: string): string {
	return `<!doctype html><html lang="en"><head><title>Sign in to your account</title></head><body>${content}</body></html>`;
}

function escape(text: string): string {
	return text
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&quot;');
}
