import { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';

/** Not by `getPeerX509Certificate`: that gives the certificate once, and afterwards nothing does (Node 20 to 24). */
export function readPeerCertificate(socket: TLSSocket): X509Certificate | undefined {
	const { raw }: { raw?: Buffer } = socket.getPeerCertificate();
	return raw === undefined ? undefined : new X509Certificate(raw);
}

/** What a user needs to judge a server's certificate, in one clause: whose, by whom, until when, fingerprint. */
export function describeCertificate(certificate: X509Certificate | undefined): string {
	if (certificate === undefined) return 'no certificate';
	const owner = toName(certificate.subject) ?? certificate.subjectAltName ?? 'no name';
	const names =
		certificate.subjectAltName === undefined ? '' : ` for ${certificate.subjectAltName}`;
	const issuer = toName(certificate.issuer) ?? 'unknown';
	return [
		`certificate of ${owner}${shorten(names)}`,
		`issued by ${issuer}`,
		`valid ${toDay(certificate.validFrom)} to ${toDay(certificate.validTo)}`,
		`SHA-256 ${certificate.fingerprint256.replaceAll(':', '').toLowerCase()}`,
	].join(', ');
}

const NAMES_CHARACTERS = 200;

function shorten(text: string): string {
	return text.length > NAMES_CHARACTERS ? `${text.slice(0, NAMES_CHARACTERS)}…` : text;
}

/** The common name, or the organisation, of a distinguished name as Node prints it: one attribute a line. */
function toName(distinguishedName: string | undefined): string | undefined {
	const attributes = new Map(
		(distinguishedName ?? '').split('\n').map((line) => {
			const equals = line.indexOf('=');
			return [line.slice(0, equals), line.slice(equals + 1)] as const;
		}),
	);
	return attributes.get('CN') ?? attributes.get('O');
}

function toDay(date: string): string {
	const time = new Date(date);
	return Number.isNaN(time.getTime()) ? date : time.toISOString().slice(0, 10);
}
