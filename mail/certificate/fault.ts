import { MailError } from '../errors';

interface FaultText {
	readonly subject: string;
	readonly remedy: string;
}

const REEXPORT =
	'Export the certificate again with its private key as .pfx, encrypted with AES256-SHA256, and paste the whole file as base64 text.';

/** What can be wrong with a .pfx: one row, one sentence. */
export const certificateFaults = {
	missing: {
		subject: 'no .pfx was given',
		remedy: 'Paste the .pfx file as base64 text into the connector.',
	},
	notBase64: {
		subject: 'the text is not base64',
		remedy:
			'Paste the whole .pfx file as base64 text. On a command line: base64 -w0 certificate.pfx; in PowerShell: [Convert]::ToBase64String([IO.File]::ReadAllBytes("certificate.pfx")).',
	},
	notPfx: { subject: 'the text is not a .pfx file', remedy: REEXPORT },
	incomplete: {
		subject: 'the .pfx is not complete, its end is missing',
		remedy: 'Paste the whole base64 text of the file; some editors cut long lines.',
	},
	tooLarge: {
		subject: 'the .pfx is too large',
		remedy: 'Export the certificate with its own chain only.',
	},
	tooMuchWork: {
		subject: 'the .pfx asks for far more rounds of password hashing than is usual',
		remedy: REEXPORT,
	},
	unsupported: {
		subject: 'the .pfx is encrypted with a method that is not supported',
		remedy: REEXPORT,
	},
	damaged: { subject: 'the .pfx is damaged', remedy: REEXPORT },
	wrongPassword: {
		subject: 'wrong password of the .pfx',
		remedy:
			'Type the password again that was chosen when the .pfx was exported. It is not the password of an account.',
	},
	certificateAlone: {
		subject: 'this is a certificate without its private key (.cer, .crt or .pem), not a .pfx',
		remedy:
			'Export the certificate with its private key as .pfx: in Windows choose "Yes, export the private key"; with openssl: openssl pkcs12 -export -inkey key.pem -in certificate.pem -out certificate.pfx.',
	},
	noPrivateKey: {
		subject: 'the .pfx holds no private key',
		remedy:
			'Export the certificate again together with its private key. In Windows the key must have been marked as exportable.',
	},
	noCertificate: {
		subject: 'the .pfx holds a private key, but no certificate that belongs to it',
		remedy: 'Export the certificate again together with its private key.',
	},
	expired: {
		subject: 'the certificate has expired',
		remedy:
			'Renew the certificate, make it known to Microsoft where it signs in there, and paste the new .pfx.',
	},
	notYetValid: {
		subject: 'the certificate is not valid yet',
		remedy: 'Wait until it is, and check the clock of the n8n host.',
	},
	ellipticKey: {
		subject: 'the certificate has an elliptic-curve key, and this sign-in needs an RSA key',
		remedy:
			'Make a certificate with an RSA key of at least 2048 bits and upload it to the app registration. This one can only be used as TLS client certificate of an SMTP relay.',
	},
	otherKey: {
		subject: 'the certificate has no RSA key, and this sign-in needs one',
		remedy:
			'Make a certificate with an RSA key of at least 2048 bits and upload it to the app registration.',
	},
} as const satisfies Record<string, FaultText>;

export type CertificateFault = keyof typeof certificateFaults;

/** @param detail behind the sentence, in brackets: `valid until 2025-01-31`; never a secret */
export function certificateError(
	fault: CertificateFault,
	detail?: string,
	cause?: unknown,
): MailError {
	const { subject, remedy } = certificateFaults[fault];
	return new MailError('auth.certificate', {
		subject: detail === undefined ? subject : `${subject}: ${detail}`,
		remedy,
		cause,
	});
}
