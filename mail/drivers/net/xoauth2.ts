import { MailError } from '../../errors';
import type { Secret } from '../../secret';

/** The name of the mechanism, as servers offer it. */
export const XOAUTH2 = 'XOAUTH2';

/** What to do where it is not offered. */
export const NO_XOAUTH2 =
	'The server does not take OAuth2 (XOAUTH2) here. Check host, port and security, or use a connector with user and password.';

/** They would end a field of the response and begin another one. */
const CONTROL_CHARACTER = /[\u0000-\u001f\u007f]/;

/**
 * The response of the mechanism, base64. There is no RFC: Google's "OAuth 2.0 Mechanism", which Microsoft has taken over.
 * Throws MailError.
 */
export function toXoauth2Response(user: string, token: Secret): string {
	const value = token.reveal();
	if (CONTROL_CHARACTER.test(user) || CONTROL_CHARACTER.test(value)) {
		throw new MailError('settings.invalid', {
			subject: 'User: control characters have no place in the sign-in',
		});
	}
	return Buffer.from(`user=${user}\u0001auth=Bearer ${value}\u0001\u0001`).toString('base64');
}

/** Longest status that is repeated: `400`, `invalid_token`. */
const STATUS_LENGTH = 60;

/**
 * Why a server refuses, out of the JSON of its challenge: `{"status":"400","schemes":"Bearer","scope":"…"}`. Undefined
 * where it does not say.
 */
export function readChallengeStatus(challenge: unknown): string | undefined {
	if (typeof challenge !== 'object' || challenge === null || !('status' in challenge)) {
		return undefined;
	}
	const { status } = challenge;
	const text = typeof status === 'number' ? String(status) : status;
	return typeof text === 'string' && /^[\w .-]+$/.test(text)
		? text.slice(0, STATUS_LENGTH)
		: undefined;
}

/** The JSON of a challenge in base64; undefined where it is none. */
export function parseChallenge(base64: string): unknown {
	try {
		return JSON.parse(Buffer.from(base64, 'base64').toString());
	} catch {
		return undefined;
	}
}

/** `AUTHENTICATE failed. (status 400)` */
export function withStatus(reply: string, status: string | undefined): string {
	if (status === undefined) return reply;
	return reply === '' ? `status ${status}` : `${reply} (status ${status})`;
}
