import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { MailError } from '../../errors';
import type { ReadyLogin } from '../net/ready-login';
import {
	NO_XOAUTH2,
	parseChallenge,
	readChallengeStatus,
	toXoauth2Response,
	XOAUTH2,
} from '../net/xoauth2';
import { otherMechanismsRemedy } from './smtp-outcome';

/** What nodemailer can do with a user name and a password. */
const PASSWORD_MECHANISMS = ['PLAIN', 'LOGIN', 'CRAM-MD5'];

/**
 * A name of our own: for `XOAUTH2` without its own source of tokens nodemailer takes the first mechanism that the server
 * offers, and would send the token as a password.
 */
const TOKEN_METHOD = 'XOAUTH2-TOKEN';

/** A refusal of XOAUTH2; nodemailer adds the server's reply. */
class Xoauth2Refusal extends Error {
	constructor(readonly challengeStatus: string | undefined) {
		super('The access token was refused');
	}
}

/** Ways to sign in that nodemailer does not know. */
export const customAuth: SMTPConnection.CustomAuthenticationHandlers = {
	[TOKEN_METHOD]: async ({ auth, sendCommand }) => {
		const answer = await sendCommand(`AUTH ${XOAUTH2} ${auth.credentials.pass}`);
		if (answer.status === 235) return;
		if (answer.status !== 334) throw new Xoauth2Refusal(undefined);
		// The server explains its refusal in a challenge, and refuses after an empty answer.
		const status = readChallengeStatus(parseChallenge(answer.text));
		const last = await sendCommand('');
		if (last.status !== 235) throw new Xoauth2Refusal(status);
	},
};

/**
 * What nodemailer signs in with. Throws `auth.unavailable`: nodemailer would send the password also to a server that has
 * not offered to take one.
 *
 * @param offered the server's mechanisms
 * @param where `smtp.example.com:587`
 */
export function toAuth(
	login: ReadyLogin,
	offered: readonly string[],
	where: string,
): SMTPConnection.AuthenticationType {
	const { user } = login;
	if (login.password === undefined) {
		if (!offered.includes(XOAUTH2)) {
			throw new MailError('auth.unavailable', { subject: where, remedy: NO_XOAUTH2 });
		}
		const pass = toXoauth2Response(user, login.token.token);
		return { user, pass, method: TOKEN_METHOD, credentials: { user, pass } };
	}
	if (!offered.some((mechanism) => PASSWORD_MECHANISMS.includes(mechanism))) {
		throw new MailError('auth.unavailable', {
			subject: where,
			remedy: offered.length > 0 ? otherMechanismsRemedy(offered) : undefined,
		});
	}
	const pass = login.password.reveal();
	return { user, pass, credentials: { user, pass } };
}
