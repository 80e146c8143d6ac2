import type { OpenCertificate } from './certificate';
import { toDay, toDaysLeft } from './validity';

/** What identifies a certificate, as administrators know it from Microsoft's pages. */
export interface CertificateFacts {
	/** `CN=n8n mail, O=Example`. */
	readonly subject: string;
	readonly issuer: string;
	/** SHA-1, upper-case hex digits: "Thumbprint" in Entra and Windows. */
	readonly thumbprint: string;
	/** SHA-256, lower-case hex digits. */
	readonly sha256: string;
	/** `2026-01-31` */
	readonly validFrom: string;
	readonly validUntil: string;
	readonly daysLeft: number;
	/** Certificates above it in the file. */
	readonly chainLength: number;
}

export function toCertificateFacts(open: OpenCertificate, nowMs = Date.now()): CertificateFacts {
	const { certificate, chain } = open;
	return {
		subject: toOneLine(certificate.subject),
		issuer: toOneLine(certificate.issuer),
		thumbprint: certificate.fingerprint.replaceAll(':', '').toUpperCase(),
		sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
		validFrom: toDay(certificate.validFrom),
		validUntil: toDay(certificate.validTo),
		daysLeft: toDaysLeft(open, nowMs),
		chainLength: chain.length,
	};
}

/** Fewer days than this are worth a warning: renewing takes an administrator's time. */
const SOON_DAYS = 30;

/** `Certificate CN=n8n, issued by itself, thumbprint 0A1B…, valid until 2027-01-31 (70 days left), without its chain.` */
export function describeOpenCertificate(open: OpenCertificate, nowMs = Date.now()): string {
	const facts = toCertificateFacts(open, nowMs);
	const isOwn = facts.subject === facts.issuer;
	const days = `${facts.daysLeft} ${facts.daysLeft === 1 ? 'day' : 'days'} left`;
	const parts = [
		`Certificate ${facts.subject}`,
		`issued by ${isOwn ? 'itself' : facts.issuer}`,
		`thumbprint ${facts.thumbprint}`,
		`SHA-256 ${facts.sha256}`,
		`valid until ${facts.validUntil} (${days}${facts.daysLeft < SOON_DAYS ? ': renew it soon' : ''})`,
		...(isOwn ? [] : [facts.chainLength > 0 ? 'chain included' : 'without its chain']),
	];
	return `${parts.join(', ')}.`;
}

const NAME_CHARACTERS = 200;

/** Node prints one attribute a line. A file may hold any text in them. */
function toOneLine(distinguishedName: string): string {
	const line = distinguishedName
		.split('\n')
		.filter(Boolean)
		.join(', ')
		.replace(/[\p{Cc}\p{Cf}\p{Cs}<>]+/gu, ' ');
	return line.length > NAME_CHARACTERS ? `${line.slice(0, NAME_CHARACTERS)}…` : line || 'no name';
}
