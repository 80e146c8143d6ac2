import { constants, randomUUID, sign } from 'node:crypto';
import type { OpenCertificate } from '../certificate';

export interface AssertionFacts {
	/** The token endpoint. */
	readonly audience: string;
	readonly clientId: string;
	readonly nowMs: number;
}

/** Microsoft takes 5 to 10 minutes, in s. */
const LIFETIME_SECONDS = 600;

/**
 * A signed statement that its bearer is the app, valid once and for ten minutes: PS256 and the SHA-256 thumbprint, as
 * https://learn.microsoft.com/entra/identity-platform/certificate-credentials asks for since 2025.
 */
export function createAssertion(
	{ key, certificate }: OpenCertificate,
	{ audience, clientId, nowMs }: AssertionFacts,
): string {
	const now = Math.floor(nowMs / 1_000);
	const thumbprint = Buffer.from(certificate.fingerprint256.replaceAll(':', ''), 'hex');
	const header = { alg: 'PS256', typ: 'JWT', 'x5t#S256': thumbprint.toString('base64url') };
	const claims = {
		aud: audience,
		iss: clientId,
		sub: clientId,
		jti: randomUUID(),
		nbf: now,
		iat: now,
		exp: now + LIFETIME_SECONDS,
	};
	const text = [header, claims]
		.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
		.join('.');
	const signature = sign('sha256', Buffer.from(text), {
		key,
		padding: constants.RSA_PKCS1_PSS_PADDING,
		saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
	});
	return `${text}.${signature.toString('base64url')}`;
}
