import { constants, verify } from 'node:crypto';
import * as z from 'zod';
import type { Application } from '../directory/application';
import { SignInError } from './sign-in-error';

const header = z.object({
	alg: z.enum(['PS256', 'RS256']),
	typ: z.literal('JWT').optional(),
	x5t: z.string().optional(),
	'x5t#S256': z.string().optional(),
});

const claims = z.object({
	aud: z.string(),
	iss: z.string(),
	sub: z.string(),
	jti: z.string().min(1),
	nbf: z.number(),
	exp: z.number(),
	iat: z.number().optional(),
});

/** Entra allows clocks to differ by five minutes. */
const SKEW_S = 300;
/** https://learn.microsoft.com/entra/identity-platform/certificate-credentials: "5-10 minutes after nbf at most". */
const MAX_LIFETIME_S = 600;

export interface AssertionPlace {
	readonly application: Application;
	/** What `aud` may be. */
	readonly audiences: readonly string[];
	readonly nowMs: number;
	/** `jti` of assertions that were accepted before. */
	readonly used: Set<string>;
}

/** Accepts a client assertion, once, or throws the `SignInError` that Microsoft has for what is wrong with it. */
export function acceptAssertion(assertion: string, place: AssertionPlace): void {
	const [head = '', body = '', signature = ''] = assertion.split('.');
	const { alg, x5t, 'x5t#S256': x5tS256 } = readPart(header, head);
	const said = readPart(claims, body);
	const certificate = place.application.certificates.find(({ sha1, sha256 }) =>
		x5tS256 === undefined ? x5t === sha1 : x5tS256 === sha256,
	);
	if (certificate === undefined) {
		throw new SignInError(
			700027,
			`The key was not found., Thumbprint of key used by client: '${x5tS256 ?? x5t ?? ''}'`,
		);
	}
	if (certificate.notAfterMs < place.nowMs) {
		throw new SignInError(700027, 'The key used is expired.');
	}
	const padding =
		alg === 'PS256'
			? {
					padding: constants.RSA_PKCS1_PSS_PADDING,
					saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
				}
			: {};
	const isGenuine = verify(
		'sha256',
		Buffer.from(`${head}.${body}`),
		{ key: certificate.key, ...padding },
		Buffer.from(signature, 'base64url'),
	);
	if (!isGenuine) {
		throw new SignInError(700027, 'The provided signature value did not match the expected value.');
	}
	checkClaims(said, place);
}

function checkClaims(said: z.infer<typeof claims>, place: AssertionPlace): void {
	const { clientId } = place.application;
	const now = place.nowMs / 1000;
	if (said.iss !== clientId || said.sub !== clientId) throw new SignInError(700021);
	if (!place.audiences.includes(said.aud)) throw new SignInError(700023, said.aud);
	const isInTime =
		said.nbf <= now + SKEW_S && said.exp > now - SKEW_S && said.exp - said.nbf <= MAX_LIFETIME_S;
	if (!isInTime) {
		const text = (seconds: number) => new Date(seconds * 1000).toISOString();
		throw new SignInError(
			700024,
			`Current time: ${text(now)}, assertion valid from ${text(said.nbf)}, expiry time of assertion ${text(said.exp)}.`,
		);
	}
	if (place.used.has(said.jti)) {
		throw new SignInError(50013, 'The assertion has been used before (jti).');
	}
	place.used.add(said.jti);
}

function readPart<T>(shape: z.ZodType<T>, part: string): T {
	try {
		return shape.parse(JSON.parse(Buffer.from(part, 'base64url').toString()));
	} catch {
		throw new SignInError(50027, 'The assertion could not be read.');
	}
}
