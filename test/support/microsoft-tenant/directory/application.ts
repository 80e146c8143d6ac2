import { X509Certificate, randomUUID } from 'node:crypto';
import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** An app registration, as an administrator would make it in Entra. */
export interface ApplicationSettings {
	/** Default: a new GUID. */
	readonly clientId?: string;
	/** The secret's value. More than one are possible: they are rotated. */
	readonly secrets?: readonly string[];
	/** PEM of what was uploaded under "Certificates". */
	readonly certificates?: readonly string[];
	/** Application permissions with admin consent: `Mail.Read`, `IMAP.AccessAsApp` … */
	readonly appPermissions?: readonly string[];
	/** Delegated permissions that are consented to: `Mail.ReadWrite` … Consenting on the sign-in page adds to them. */
	readonly delegatedPermissions?: readonly string[];
	readonly redirectUris?: readonly string[];
	/** "Allow public client flows": password sign-in without a secret. */
	readonly allowsPublicClient?: boolean;
	/**
	 * RBAC for Applications: the mailboxes that application permissions reach. Default: all of the tenant.
	 */
	readonly mailboxScope?: readonly string[];
}

export interface RegisteredCertificate {
	readonly key: KeyObject;
	/** base64url of SHA-1 and SHA-256 over the DER form: `x5t` and `x5t#S256`. */
	readonly sha1: string;
	readonly sha256: string;
	readonly notAfterMs: number;
}

/** A registered app. All but its id may be changed at any time, as an administrator does. */
export class Application {
	readonly clientId: string;
	readonly objectId = randomUUID();
	secrets: string[];
	/** Of `secrets`, those that have expired. */
	readonly expiredSecrets = new Set<string>();
	certificates: RegisteredCertificate[];
	appPermissions: string[];
	delegatedPermissions: string[];
	redirectUris: string[];
	allowsPublicClient: boolean;
	mailboxScope: string[] | undefined;
	/** Delegated permissions that only an administrator may consent to: Connect ends with AADSTS90094. */
	readonly adminPermissions = new Set<string>();
	isDisabled = false;

	constructor(settings: ApplicationSettings) {
		this.clientId = settings.clientId ?? randomUUID();
		this.secrets = [...(settings.secrets ?? [])];
		this.certificates = (settings.certificates ?? []).map(toRegisteredCertificate);
		this.appPermissions = [...(settings.appPermissions ?? [])];
		this.delegatedPermissions = [...(settings.delegatedPermissions ?? [])];
		this.redirectUris = [...(settings.redirectUris ?? [])];
		this.allowsPublicClient = settings.allowsPublicClient ?? false;
		this.mailboxScope = settings.mailboxScope && [...settings.mailboxScope];
	}

	/** What an administrator does with the .cer file. */
	uploadCertificate(pem: string): void {
		this.certificates.push(toRegisteredCertificate(pem));
	}
}

function toRegisteredCertificate(pem: string): RegisteredCertificate {
	const certificate = new X509Certificate(pem);
	const thumbprint = (algorithm: string) =>
		createHash(algorithm).update(certificate.raw).digest('base64url');
	return {
		key: certificate.publicKey,
		sha1: thumbprint('sha1'),
		sha256: thumbprint('sha256'),
		notAfterMs: Date.parse(certificate.validTo),
	};
}
