import type { OpenCertificate } from './certificate';
import { certificateError } from './fault';

const DAY_MS = 24 * 60 * 60_000;

/** Throws `auth.certificate` where the certificate has expired or is not valid yet. */
export function requireValid({ certificate }: OpenCertificate, nowMs = Date.now()): void {
	if (nowMs > Date.parse(certificate.validTo)) {
		throw certificateError('expired', `it was valid until ${toDay(certificate.validTo)}`);
	}
	if (nowMs < Date.parse(certificate.validFrom)) {
		throw certificateError('notYetValid', `it is from ${toDay(certificate.validFrom)} on`);
	}
}

/** Microsoft signs in apps by RSA keys only. Throws `auth.certificate`. */
export function requireRsaKey({ key }: OpenCertificate): void {
	if (key.asymmetricKeyType === 'rsa') return;
	throw certificateError(key.asymmetricKeyType === 'ec' ? 'ellipticKey' : 'otherKey');
}

/** Whole days until the certificate expires; negative when it has. */
export function toDaysLeft({ certificate }: OpenCertificate, nowMs = Date.now()): number {
	return Math.floor((Date.parse(certificate.validTo) - nowMs) / DAY_MS);
}

/** `2027-01-31` */
export function toDay(date: string): string {
	return new Date(date).toISOString().slice(0, 10);
}
