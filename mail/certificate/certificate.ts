import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { ClientCertificate } from '../connector';
import { certificateError } from './fault';
import { decodePfxText } from './pfx-text';
import { readPfx } from './pkcs12';

/** A certificate with its private key, out of a .pfx. */
export interface OpenCertificate {
	readonly key: KeyObject;
	readonly certificate: X509Certificate;
	/** The certificates above it that the file brings along, nearest first. */
	readonly chain: readonly X509Certificate[];
}

const opened = new WeakMap<ClientCertificate, Promise<OpenCertificate>>();

/**
 * Opens a .pfx: modern, 3DES and RC2 ones, with RSA or another key. Opened once per object: the hashing of a password
 * is meant to take its time. Throws `auth.certificate`, with a sentence for each fault. Whether the certificate is valid
 * today is not looked at, see `requireValid`.
 */
export async function openCertificate(file: ClientCertificate): Promise<OpenCertificate> {
	const known = opened.get(file) ?? open(file);
	opened.set(file, known);
	return await known;
}

async function open({ pfxBase64, passphrase }: ClientCertificate): Promise<OpenCertificate> {
	const bytes = decodePfxText(pfxBase64.reveal());
	if (isCertificate(bytes)) throw certificateError('certificateAlone');
	const content = await readPfx(bytes, passphrase.reveal());
	if (content.keys.length === 0) throw certificateError('noPrivateKey');
	const certificates = content.certificates.flatMap((der) => toCertificate(der) ?? []);
	for (const der of content.keys) {
		const key = toKey(der);
		const certificate = certificates.find((one) => one.checkPrivateKey(key));
		if (certificate !== undefined) {
			return { key, certificate, chain: toChain(certificate, certificates) };
		}
	}
	throw certificateError('noCertificate');
}

/** From the certificate upwards; what does not belong to it is left out. */
function toChain(leaf: X509Certificate, all: readonly X509Certificate[]): X509Certificate[] {
	const chain: X509Certificate[] = [];
	const left = new Set(all.filter((one) => !one.raw.equals(leaf.raw)));
	let below = leaf;
	for (;;) {
		const issuer = [...left].find((one) => below.checkIssued(one));
		if (issuer === undefined) return chain;
		chain.push(issuer);
		left.delete(issuer);
		below = issuer;
	}
}

function toKey(der: Buffer): KeyObject {
	try {
		return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
	} catch (cause) {
		throw certificateError('damaged', undefined, cause);
	}
}

/** Undefined for what Node cannot read: it belongs to no key that can be used. */
function toCertificate(der: Buffer): X509Certificate | undefined {
	try {
		return new X509Certificate(der);
	} catch {
		return undefined;
	}
}

function isCertificate(bytes: Buffer): boolean {
	return toCertificate(bytes) !== undefined;
}
