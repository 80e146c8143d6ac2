import * as z from 'zod';
import type { AccessToken } from '../access-token';
import { openCertificate, requireRsaKey, requireValid } from '../certificate';
import { hideSecrets } from '../drivers/net/hide-secret';
import type { HttpsFetch } from '../drivers/net/https';
import { toConnectionError } from '../drivers/net/error';
import { isMailError, MailError } from '../errors';
import { SIGN_IN_MS, TOKEN_ANSWER_BYTES } from '../limits';
import { Secret } from '../secret';
import { createAssertion } from './assertion';
import { toRetryAfterMs, toSignInError } from './error';
import { type MicrosoftSignIn, toSignInSecrets, toTokenUrl } from './sign-in';

const answerSchema = z.object({
	token_type: z.string().regex(/^bearer$/i),
	/** Goes into headers and commands: printable, and without blanks. */
	access_token: z
		.string()
		.max(32_768)
		.regex(/^[!-~]+$/),
	/** RFC 6749, section 5.1, in s. */
	expires_in: z.coerce
		.number()
		.int()
		.min(1)
		.max(7 * 24 * 3_600),
});

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/**
 * Asks once for a token. Throws MailError: `auth.*` where it is refused, `auth.certificate` for a certificate that cannot
 * sign in, `settings.invalid`, `connection.*`, `tls.*`, `server.*`. No secret stands in it.
 */
export async function requestToken(
	signIn: MicrosoftSignIn,
	fetch: HttpsFetch,
	nowMs: () => number,
): Promise<AccessToken> {
	const url = toTokenUrl(signIn);
	const form = await toForm(signIn, url, nowMs());
	try {
		return await exchange(url, form, fetch, nowMs);
	} catch (error) {
		const secrets = [...toSignInSecrets(signIn.proof), form.get('client_assertion') ?? ''];
		throw isMailError(error) ? hideSecrets(error, secrets) : error;
	}
}

async function toForm(
	{ clientId, scope, proof }: MicrosoftSignIn,
	audience: string,
	nowMs: number,
): Promise<URLSearchParams> {
	const form = new URLSearchParams({ client_id: clientId, scope });
	form.set('grant_type', proof.kind === 'password' ? 'password' : 'client_credentials');
	switch (proof.kind) {
		case 'certificate': {
			const opened = await openCertificate(proof.certificate);
			requireRsaKey(opened);
			requireValid(opened, nowMs);
			form.set('client_assertion_type', ASSERTION_TYPE);
			form.set('client_assertion', createAssertion(opened, { audience, clientId, nowMs }));
			break;
		}
		case 'secret':
			form.set('client_secret', proof.secret.reveal());
			break;
		case 'password':
			form.set('username', proof.user);
			form.set('password', proof.password.reveal());
			if (proof.secret !== undefined) form.set('client_secret', proof.secret.reveal());
	}
	return form;
}

async function exchange(
	url: string,
	form: URLSearchParams,
	fetch: HttpsFetch,
	nowMs: () => number,
): Promise<AccessToken> {
	const { host } = new URL(url);
	const signal = AbortSignal.timeout(SIGN_IN_MS);
	const askedAt = nowMs();
	let answer: { status: number; body: unknown; retryAfterMs?: number };
	try {
		const response = await fetch(url, {
			method: 'POST',
			headers: {
				'Content-Type': 'application/x-www-form-urlencoded',
				Accept: 'application/json',
				Connection: 'close',
			},
			body: form.toString(),
			signal,
		});
		answer = {
			status: response.status,
			body: toJson(await readText(response, host)),
			retryAfterMs: toRetryAfterMs(response.headers.get('retry-after'), nowMs()),
		};
	} catch (error) {
		if (!signal.aborted) throw toConnectionError(error, host);
		throw new MailError('connection.timeout', { subject: host, retryable: true });
	}
	if (answer.status !== 200) throw toSignInError(answer, host);
	const parsed = answerSchema.safeParse(answer.body);
	if (!parsed.success) throw toSignInError({ status: answer.status, body: undefined }, host);
	const { access_token: token, expires_in: seconds } = parsed.data;
	return { token: new Secret(token), expiresAt: askedAt + seconds * 1_000 };
}

async function readText(response: Response, subject: string): Promise<string> {
	const pieces: Uint8Array[] = [];
	let length = 0;
	for await (const piece of response.body ?? []) {
		length += piece.length;
		if (length > TOKEN_ANSWER_BYTES) throw new MailError('server.protocol', { subject });
		pieces.push(piece);
	}
	return Buffer.concat(pieces).toString();
}

/** Undefined for what is no JSON: the page of a gateway. */
function toJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
