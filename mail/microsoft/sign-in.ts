import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { ClientCertificate } from '../connector';
import { MailError } from '../errors';
import type { Secret } from '../secret';

/** How the app shows that it is the app, and perhaps a user that he is the user. */
export type SignInProof =
	| { readonly kind: 'certificate'; readonly certificate: ClientCertificate }
	| { readonly kind: 'secret'; readonly secret: Secret }
	/** Resource owner password credentials: Microsoft advises against it, and MFA forbids it. */
	| {
			readonly kind: 'password';
			readonly user: string;
			readonly password: Secret;
			/** Absent: the app is a public client. */
			readonly secret?: Secret;
	  };

/** Everything that a token request needs. */
export interface MicrosoftSignIn {
	/** `login.microsoftonline.com`, or that of another cloud. */
	readonly loginHost: string;
	/** Its id or a verified domain. */
	readonly tenant: string;
	readonly clientId: string;
	/** `https://graph.microsoft.com/.default` */
	readonly scope: string;
	readonly proof: SignInProof;
}

const SHARED_TENANTS: ReadonlySet<string> = new Set(['common', 'organizations', 'consumers']);

/** Where the token is asked for; also the audience of an assertion. Throws `settings.invalid`. */
export function toTokenUrl({ loginHost, tenant }: MicrosoftSignIn): string {
	const name = tenant.trim().toLowerCase();
	if (!/^[a-z0-9][a-z0-9.-]{2,252}$/.test(name) || SHARED_TENANTS.has(name)) {
		throw new MailError('settings.invalid', {
			subject: 'Tenant: must be the ID or a domain of the organization, not "common"',
		});
	}
	if (!/^[a-z0-9.-]+(:\d{1,5})?$/i.test(loginHost)) {
		throw new MailError('settings.invalid', { subject: 'Sign-In Host: must be a host name alone' });
	}
	return `https://${loginHost}/${name}/oauth2/v2.0/token`;
}

/** A password has few bits: its digest shall be of no use outside of this process. */
const processKey = randomBytes(32);

/**
 * Equal for sign-ins that get the same tokens. It depends on the proof, so that nobody gets another one's token, and gives
 * none away.
 */
export function toSignInKey({
	loginHost,
	tenant,
	clientId,
	scope,
	proof,
}: MicrosoftSignIn): string {
	const parts = [loginHost, tenant, clientId, scope].map((part) => part.trim().toLowerCase());
	const own = JSON.stringify([...parts, proof.kind, ...toProofParts(proof)]);
	const digest =
		proof.kind === 'password' ? createHmac('sha256', processKey) : createHash('sha256');
	return digest.update(own).digest('base64url');
}

function toProofParts(proof: SignInProof): string[] {
	switch (proof.kind) {
		case 'certificate':
			return [proof.certificate.pfxBase64.reveal(), proof.certificate.passphrase.reveal()];
		case 'secret':
			return [proof.secret.reveal()];
		case 'password':
			return [proof.user.toLowerCase(), proof.password.reveal(), proof.secret?.reveal() ?? ''];
	}
}

/** What must stand in no error. */
export function toSignInSecrets(proof: SignInProof): string[] {
	return proof.kind === 'certificate'
		? [proof.certificate.passphrase.reveal()]
		: toProofParts(proof);
}
