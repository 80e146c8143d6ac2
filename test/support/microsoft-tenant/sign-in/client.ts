import type { Application } from '../directory/application';
import { acceptAssertion, type AssertionPlace } from './client-assertion';
import type { Form } from './form';
import { SignInError } from './sign-in-error';

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Proves that a request comes from the application: by secret, by assertion, or not at all where it is public. */
export function authenticateClient(
	form: Form,
	authorization: string | undefined,
	place: AssertionPlace,
): void {
	const { application } = place;
	const assertion = form.get('client_assertion');
	// n8n sends secrets in the body or, by a switch of its credential, as HTTP Basic (RFC 6749, section 2.3.1).
	const secret = form.get('client_secret') ?? basicSecret(authorization);
	if (assertion !== undefined) {
		if (form.get('client_assertion_type') !== JWT_BEARER) {
			throw new SignInError(900144, 'client_assertion_type');
		}
		acceptAssertion(assertion, place);
	} else if (secret !== undefined) {
		checkSecret(application, secret);
	} else if (!application.allowsPublicClient) {
		throw new SignInError(7000218);
	}
}

function checkSecret(application: Application, secret: string): void {
	if (application.secrets.length === 0 && application.allowsPublicClient) {
		throw new SignInError(700025);
	}
	if (!application.secrets.includes(secret)) throw new SignInError(7000215, application.clientId);
	if (application.expiredSecrets.has(secret)) throw new SignInError(7000222, application.clientId);
}

/** Name and secret of HTTP Basic are form-encoded: RFC 6749, section 2.3.1. */
export function basicCredentials(
	authorization: string | undefined,
): { readonly clientId: string; readonly secret: string } | undefined {
	const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
	if (encoded === undefined) return undefined;
	const [id = '', ...rest] = Buffer.from(encoded, 'base64').toString().split(':');
	return { clientId: decodeURIComponent(id), secret: decodeURIComponent(rest.join(':')) };
}

function basicSecret(authorization: string | undefined): string | undefined {
	return basicCredentials(authorization)?.secret;
}
