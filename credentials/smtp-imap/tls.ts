import type { INodeProperties } from 'n8n-workflow';
import { certificateOffered, certificateUsed, shownWhere } from './condition';

/** How we show who we are. */
const clientCertificateFields: INodeProperties[] = [
	...shownWhere(certificateOffered, [
		{
			displayName: 'Use Client Certificate',
			name: 'clientCertificate',
			type: 'boolean',
			default: false,
			description: 'Whether the server wants a TLS client certificate beside the password',
		},
	]),
	...shownWhere(certificateUsed, [
		{
			displayName: 'Certificate (.pfx as Base64)',
			name: 'pfx',
			type: 'string',
			typeOptions: { password: true, rows: 4 },
			default: '',
			required: true,
			description:
				'The .pfx or .p12 file as base64 text. On a command line: <code>base64 -w0 certificate.pfx</code>.',
		},
		{
			displayName: 'Certificate Password',
			name: 'pfxPassword',
			type: 'string',
			typeOptions: { password: true },
			default: '',
		},
	]),
];

/** How servers are told from impostors. */
export const trustFields: INodeProperties[] = [
	{
		displayName: 'CA Certificates',
		name: 'caPem',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '',
		placeholder: '-----BEGIN CERTIFICATE-----',
		description:
			'Certificate authorities of your own, PEM. They are trusted instead of the usual ones.',
	},
	{
		displayName: 'Pinned Fingerprint',
		name: 'pinnedFingerprint',
		type: 'string',
		default: '',
		placeholder: 'e.g. 3F:8A:…',
		description:
			'SHA-256 fingerprint of the server certificate. It alone is then trusted, whoever has issued it. Where both sides are used, both must show this certificate.',
	},
	{
		displayName: 'Minimum TLS Version',
		name: 'minTlsVersion',
		type: 'options',
		options: [
			{ name: 'TLS 1.0 (Insecure)', value: 'TLSv1' },
			{ name: 'TLS 1.1 (Insecure)', value: 'TLSv1.1' },
			{ name: 'TLS 1.2', value: 'TLSv1.2' },
			{ name: 'TLS 1.3', value: 'TLSv1.3' },
		],
		default: 'TLSv1.2',
		description: 'Older versions are refused',
	},
	{
		displayName: 'Allow Untrusted Certificates (Insecure)',
		name: 'allowUntrusted',
		type: 'boolean',
		default: false,
		description:
			'Whether to accept any server certificate. It gives up the proof that this is the right server: anybody between n8n and the server can then read the password and the e-mails. CA Certificates or Pinned Fingerprint solve the same problem safely.',
	},
];

/** Both. */
export const tlsFields: INodeProperties[] = [...clientCertificateFields, ...trustFields];
