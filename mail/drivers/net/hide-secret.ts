import { type MailError, withDetails } from '../../errors';

/** Shorter ones are found in ordinary words; nothing is hidden by making a sentence unreadable. */
const SHORTEST_SECRET = 4;

const MASK = '[secret]';

/** Long enough for a secret; shorter words are read as they are. */
const BASE64_WORD = /[A-Za-z0-9+/_-]{12,}={0,2}/g;

/**
 * The text without these secrets, also where they stand inside of something in base64: a SASL response, whole or cut off.
 * Servers have been seen to repeat the command that they refuse, password and all.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
	const known = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
	if (known.length === 0) return text;
	const decodable = text.replace(BASE64_WORD, (word) => {
		const decoded = Buffer.from(word, 'base64').toString();
		return known.some((secret) => decoded.includes(secret)) || holdsToken(decoded) ? MASK : word;
	});
	return (
		[...known, ...known.map(toBase64)]
			// The longest first: one may stand in another.
			.sort((a, b) => b.length - a.length)
			.reduce((shown, secret) => shown.replaceAll(secret, MASK), decodable)
	);
}

/** Of XOAUTH2 and OAUTHBEARER (RFC 7628, section 3.1); also one that was cut off in its middle. */
function holdsToken(response: string): boolean {
	return /auth=bearer /i.test(response);
}

function toBase64(text: string): string {
	return Buffer.from(text).toString('base64');
}

/** The error without these secrets in what the server has said, and without its cause, which may hold what was sent. */
export function hideSecrets(error: MailError, secrets: readonly string[]): MailError {
	const { serverReply } = error;
	return withDetails(error, {
		serverReply: serverReply === undefined ? undefined : withoutSecrets(serverReply, secrets),
	});
}
