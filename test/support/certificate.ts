import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { requireProgram } from './installed-program';

/** A certificate with its key, as PEM. */
export interface Certificate {
	readonly certificatePem: string;
	readonly keyPem: string;
	/** SHA-256 over the DER form, 64 lower-case hex digits. */
	readonly fingerprint: string;
}

export interface CertificateOptions {
	/** DNS names and addresses that it is for; the first is the common name. */
	readonly names?: readonly string[];
	/** Valid in January 2020 only. */
	readonly expired?: boolean;
	/** Valid in January 2090 only. */
	readonly notYetValid?: boolean;
	/** Default: an elliptic curve, the fastest to make. */
	readonly key?: 'ec' | 'rsa' | 'ed25519';
}

/** What every test server is called. 127.0.0.2 is loopback seen as a stranger, see `startDovecot`. */
const SERVER_NAMES = ['localhost', '127.0.0.1', '127.0.0.2'];
const EC_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const keys = {
	ec: EC_KEY,
	rsa: ['-newkey', 'rsa:2048', '-nodes'],
	ed25519: ['-newkey', 'ed25519', '-nodes'],
} as const;

/** Every certificate is made once per test file. */
const made = new Map<string, Promise<Certificate>>();

/** The certificate of the authority that signs all others of this test file. */
export async function certificateAuthority(): Promise<Certificate> {
	return await once('authority', async (run) => {
		await run.openssl(
			['req', '-x509', ...EC_KEY, '-keyout', 'made.key', '-out', 'made.pem', '-days', '30'],
			['-subj', '/CN=Test authority', '-addext', 'keyUsage=critical,keyCertSign'],
		);
	});
}

/** A server or client certificate signed by `certificateAuthority`. */
export async function signedCertificate(options: CertificateOptions = {}): Promise<Certificate> {
	const names = options.names ?? SERVER_NAMES;
	const authority = await certificateAuthority();
	const { key = 'ec', expired, notYetValid } = options;
	return await once(JSON.stringify([names, expired, notYetValid, key]), async (run) => {
		await run.write('ca.pem', authority.certificatePem);
		await run.write('ca.key', authority.keyPem);
		await run.write('ca.cnf', AUTHORITY_SETTINGS);
		await run.write('index', '');
		await run.write('extension', `subjectAltName=${toAltNames(names)}\n`);
		await run.openssl(
			['req', ...keys[key], '-keyout', 'made.key', '-out', 'request.pem'],
			['-subj', `/CN=${names[0]}`],
		);
		await run.openssl(
			['ca', '-batch', '-notext', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key'],
			['-in', 'request.pem', '-out', 'made.pem', '-extfile', 'extension'],
			toValidity(options),
		);
	});
}

/** A certificate that only itself vouches for. */
export async function selfSignedCertificate(
	names: readonly string[] = SERVER_NAMES,
): Promise<Certificate> {
	return await once(JSON.stringify(['self', names]), async (run) => {
		await run.openssl(
			['req', '-x509', ...EC_KEY, '-keyout', 'made.key', '-out', 'made.pem', '-days', '30'],
			['-subj', `/CN=${names[0]}`, '-addext', `subjectAltName=${toAltNames(names)}`],
		);
	});
}

export interface PfxOptions {
	/** Certificates beside the first, PEM. */
	readonly chainPem?: string;
	/** As `openssl pkcs12` takes them; default: AES-256 and SHA-256. */
	readonly encryption?: readonly string[];
	/** What of it the file holds; default: both. */
	readonly holds?: 'certificate' | 'key';
}

/** The .pfx files that are met in the wild. */
export const pfxEncryptions = {
	modern: [],
	tripleDes: ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1'],
	/** RC2 with 40 bits for the certificate, 3DES for the key. */
	rc2: ['-legacy'],
	rc2With128Bits: ['-legacy', '-keypbe', 'PBE-SHA1-RC2-128', '-certpbe', 'PBE-SHA1-RC2-128'],
	plain: ['-keypbe', 'NONE', '-certpbe', 'NONE'],
	withoutMac: ['-nomac'],
} as const satisfies Record<string, readonly string[]>;

/** A PKCS#12 file with the certificate and its key, base64, as users paste it. */
export async function toPfxBase64(
	certificate: Certificate,
	passphrase: string,
	{ chainPem = '', encryption = [], holds }: PfxOptions = {},
): Promise<string> {
	return await inTemporaryFolder(async (run) => {
		const certificates = holds === 'key' ? '' : certificate.certificatePem + chainPem;
		await run.write('both.pem', certificate.keyPem + certificates);
		await run.openssl(
			['pkcs12', '-export', '-in', 'both.pem', '-out', 'made.pfx', ...encryption],
			['-passout', `pass:${passphrase}`],
			holds === undefined ? [] : [holds === 'key' ? '-nocerts' : '-nokeys'],
		);
		return (await run.read('made.pfx')).toString('base64');
	});
}

function toValidity({ expired, notYetValid }: CertificateOptions): string[] {
	if (expired) return ['-startdate', '20200101000000Z', '-enddate', '20200131000000Z'];
	if (notYetValid) return ['-startdate', '20900101000000Z', '-enddate', '20900131000000Z'];
	return ['-days', '30'];
}

/** `openssl ca` rather than `openssl x509`: only it can set the first day of validity in OpenSSL 3.0. */
const AUTHORITY_SETTINGS = `[ca]
default_ca = test
[test]
database = index
new_certs_dir = .
policy = any
default_md = sha256
rand_serial = yes
[any]
commonName = supplied
`;

interface OpensslRun {
	openssl(...args: string[][]): Promise<void>;
	write(name: string, content: string): Promise<void>;
	read(name: string): Promise<Buffer>;
}

async function once(id: string, make: (run: OpensslRun) => Promise<void>): Promise<Certificate> {
	const certificate =
		made.get(id) ??
		inTemporaryFolder(async (run) => {
			await make(run);
			const certificatePem = (await run.read('made.pem')).toString();
			const keyPem = (await run.read('made.key')).toString();
			const { fingerprint256 } = new X509Certificate(certificatePem);
			const fingerprint = fingerprint256.replaceAll(':', '').toLowerCase();
			return { certificatePem, keyPem, fingerprint };
		});
	made.set(id, certificate);
	return await certificate;
}

async function inTemporaryFolder<T>(work: (run: OpensslRun) => Promise<T>): Promise<T> {
	const program = requireProgram('openssl', 'openssl');
	const folder = await mkdtemp(join(tmpdir(), 'test-certificate-'));
	try {
		return await work({
			openssl: async (...args) => {
				await promisify(execFile)(program, args.flat(), { cwd: folder });
			},
			write: async (name, content) => await writeFile(join(folder, name), content),
			read: async (name) => await readFile(join(folder, name)),
		});
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

function toAltNames(names: readonly string[]): string {
	return names.map((name) => `${isIP(name) ? 'IP' : 'DNS'}:${name}`).join(',');
}
