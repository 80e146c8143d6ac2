import type { AccessToken, AccessTokens } from '../../access-token';
import type { Login, PasswordLogin } from '../../connector';
import { isMailError, MailError, mailErrorTexts } from '../../errors';
import { Deadline } from './deadline';
import { hideSecrets } from './hide-secret';

/** A login with everything at hand that the server is to be told. */
export type ReadyLogin = PasswordLogin | ReadyTokenLogin;

export interface ReadyTokenLogin {
	readonly user: string;
	readonly token: AccessToken;
	readonly password?: undefined;
}

export interface SignInOptions {
	/** `imap.example.com:993` */
	readonly where: string;
	/** How long to wait for a token. */
	readonly timeoutMs: number;
	readonly signal?: AbortSignal;
}

/**
 * Signs in. Where the server refuses an access token, it is tried once more with a new one, because a token may be
 * revoked before its time; never a third time: providers lock accounts that hammer. Throws what `attempt` throws, and
 * `auth.tokenRejected` for a refused token, which stands nowhere in the error.
 *
 * @param attempt opens a connection and signs in; throws `auth.rejected` where the server refuses
 */
export async function signInWith<T>(
	login: Login,
	options: SignInOptions,
	attempt: (ready: ReadyLogin) => Promise<T>,
): Promise<T> {
	if (login.tokens === undefined) return await attempt(login);
	const { user, tokens } = login;
	const first = await getToken(tokens, options);
	try {
		return await attempt({ user, token: first });
	} catch (error) {
		if (!isMailError(error, 'auth.rejected')) throw withoutToken(error, first);
		tokens.discard(first.token);
		const second = await getToken(tokens, options);
		if (second.token.reveal() === first.token.reveal()) throw toRefusal(error, first);
		try {
			return await attempt({ user, token: second });
		} catch (again) {
			if (!isMailError(again, 'auth.rejected')) throw withoutToken(again, second);
			tokens.discard(second.token);
			throw toRefusal(again, second);
		}
	}
}

async function getToken(
	tokens: AccessTokens,
	{ where, timeoutMs, signal }: SignInOptions,
): Promise<AccessToken> {
	const deadline = new Deadline(timeoutMs, `an access token for ${where}`, signal);
	try {
		// A source need not listen to the signal.
		return await deadline.race(tokens.get(deadline.signal));
	} finally {
		deadline.clear();
	}
}

function toRefusal(error: MailError, { token }: AccessToken): MailError {
	const { subject, serverReply, title, remedy } = hideSecrets(error, [token.reveal()]);
	const usual = mailErrorTexts['auth.rejected'];
	return new MailError('auth.tokenRejected', {
		subject,
		serverReply,
		// A driver that knows better has said so.
		title: title === usual.title ? undefined : title,
		remedy: remedy === usual.remedy ? undefined : remedy,
	});
}

function withoutToken(error: unknown, { token }: AccessToken): unknown {
	return isMailError(error) ? hideSecrets(error, [token.reveal()]) : error;
}
