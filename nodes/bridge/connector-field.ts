import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import * as z from 'zod';
import { toPfxBase64 } from '../../mail/certificate';
import { isMailError } from '../../mail/errors';
import { PFX_CHARACTERS } from '../../mail/limits';

/*
 * Kinds of credential fields: what each accepts and becomes. Faults never repeat the value, which may be a secret.
 */

/** What n8n leaves behind where a field was hidden, emptied or never filled. */
const absentWhenEmpty = (value: unknown): unknown =>
	value === '' || value === null ? undefined : value;

const trimmed = (value: unknown): unknown =>
	absentWhenEmpty(typeof value === 'string' ? value.trim() : value);

export const text = z.preprocess(trimmed, z.string('must be text').optional());
/** Blanks may belong to a password. */
export const password = z.preprocess(absentWhenEmpty, z.string('must be text').optional());

/** Expressions give numbers as text. */
const toNumber = (value: unknown): unknown =>
	typeof value === 'string' && value.trim() !== '' ? Number(value) : absentWhenEmpty(value);

export function whole(min: number, max: number, preset: number) {
	const fault = `must be a whole number from ${min} to ${max}`;
	return z.preprocess(toNumber, z.int(fault).min(min, fault).max(max, fault).default(preset));
}

export function choice<const T extends string>(values: readonly T[], preset: NoInfer<T>) {
	const fault = `must be one of ${values.join(', ')}`;
	return z.preprocess(absentWhenEmpty, z.enum(values, fault).default(preset));
}

export const flag = (preset: boolean) =>
	z.preprocess(absentWhenEmpty, z.boolean('must be true or false').default(preset));

export const security = choice(['tls', 'starttls', 'starttlsIfOffered', 'none'], 'tls');

/** A host as `Server.host` wants it: without scheme, port and brackets. */
export const host = text.transform((value, context) => {
	const name = value?.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
	if (name !== undefined && isIP(name) === 0 && /[\s/:@?#]/.test(name)) {
		context.addIssue('must be a host name alone, without https://, port and path');
	}
	return name;
});

/** A host with its port, unlike that of a mail server: there is no field for it. */
export const httpsHost = text.transform((value, context) => {
	if (value !== undefined && !/^[a-z0-9.-]+(:\d{1,5})?$/i.test(value)) {
		context.addIssue('must be a host name alone, without https:// and path');
	}
	return value;
});

/** The address of a mailbox, or the id of its user; nothing that leads elsewhere. */
export function isMailboxName(value: string): boolean {
	return value.length <= 320 && !/[\s\u0000-\u001f/?#]/.test(value);
}

export const MAILBOX_FAULT = 'must be the address of a mailbox';

export const fingerprint = text.transform((value, context) => {
	const digits = value
		?.replace(/^.*=/, '')
		.replace(/^sha-?256:/i, '')
		.replace(/[:\s]/g, '')
		.toLowerCase();
	if (digits !== undefined && !/^[0-9a-f]{64}$/.test(digits)) {
		context.addIssue('must be a SHA-256 fingerprint, 64 hexadecimal digits');
	}
	return digits;
});

const certificateBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

export const caPem = text.transform((value, context) => {
	// One-line text of environment variables keeps its line breaks as \n.
	const pem = value?.replaceAll('\\n', '\n').trim();
	if (pem !== undefined && !areCertificates(pem.match(certificateBlock) ?? [])) {
		context.addIssue('must be one or more certificates in PEM, from BEGIN to END CERTIFICATE');
	}
	return pem;
});

function areCertificates(blocks: readonly string[]): boolean {
	try {
		return blocks.length > 0 && blocks.every((block) => new X509Certificate(block).raw.length > 0);
	} catch {
		// Node throws for everything that is not a certificate, which is the answer.
		return false;
	}
}

/** What is wrong inside of the file is told where it is opened, with a sentence for each fault. */
export const pfx = text.transform((value, context) => {
	if (value === undefined) return undefined;
	try {
		const base64 = toPfxBase64(value);
		// A PKCS#12 file is an ASN.1 sequence: 0x30, a length; in base64 it starts with M.
		if (/^M[A-Za-z0-9+/]+={0,2}$/.test(base64) && value.length <= PFX_CHARACTERS) return base64;
		context.addIssue('must be the whole .pfx file as base64 text');
	} catch (error) {
		context.addIssue(isMailError(error) ? (error.subject ?? error.title) : 'is not a .pfx file');
	}
	return undefined;
});

const PROXY_SCHEMES = ['http:', 'https:', 'socks5:', 'socks5h:', 'socks4:', 'socks4a:', 'socks:'];

export const proxyUrl = text.transform((value, context) => {
	if (value !== undefined && !isProxyUrl(value)) {
		context.addIssue('must start with http://, https:// or socks5://, followed by host and port');
	}
	return value;
});

function isProxyUrl(value: string): boolean {
	if (!URL.canParse(value)) return false;
	const url = new URL(value);
	return PROXY_SCHEMES.includes(url.protocol) && url.hostname !== '';
}

/** Any number from 0 on. */
export const rate = z.preprocess(
	toNumber,
	z.number('must be a number').min(0, 'must not be negative').default(0),
);
