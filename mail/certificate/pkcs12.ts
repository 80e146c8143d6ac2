import { createHmac, timingSafeEqual } from 'node:crypto';
import { Asn1Value } from './asn1';
import { decrypt } from './decryption';
import { certificateError } from './fault';
import { deriveKey, KeyPurpose, toPkcs12Password } from './pkcs12-key';
import { WorkBudget } from './work-budget';

/** What lies in a .pfx, DER each, in the order of the file. */
export interface PfxContent {
	/** PrivateKeyInfo (RFC 5958). */
	readonly keys: readonly Buffer[];
	/** X.509. */
	readonly certificates: readonly Buffer[];
}

const DATA = '1.2.840.113549.1.7.1';
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6';
const KEY_BAG = '1.2.840.113549.1.12.10.1.1';
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2';
const CERTIFICATE_BAG = '1.2.840.113549.1.12.10.1.3';
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1';

const macHashes: Readonly<Partial<Record<string, string>>> = {
	'1.3.14.3.2.26': 'sha1',
	'2.16.840.1.101.3.4.2.4': 'sha224',
	'2.16.840.1.101.3.4.2.1': 'sha256',
	'2.16.840.1.101.3.4.2.2': 'sha384',
	'2.16.840.1.101.3.4.2.3': 'sha512',
};

/** More keys and certificates than any chain has. */
const PARTS = 64;

/** Opens a .pfx (PKCS#12, RFC 7292). Work and size are bounded. Throws `auth.certificate`. */
export async function readPfx(bytes: Buffer, password: string): Promise<PfxContent> {
	const budget = new WorkBudget();
	const [version, content, mac] = Asn1Value.read(bytes).parts;
	if (version?.isInteger !== true || content === undefined) throw certificateError('notPfx');
	if (content.part(0).oid !== DATA) throw certificateError('unsupported', content.part(0).oid);
	const safe = content.part(1).part(0).octets;
	if (mac !== undefined) await verify(mac, safe, password, budget);

	const keys: Buffer[] = [];
	const certificates: Buffer[] = [];
	for (const info of atMost(Asn1Value.read(safe).parts)) {
		for (const bag of atMost(await openSafe(info, password, budget))) {
			const value = bag.part(1).part(0);
			switch (bag.part(0).oid) {
				case KEY_BAG:
					keys.push(value.toDer());
					break;
				case SHROUDED_KEY_BAG:
					keys.push(await openEncrypted(value.part(0), value.part(1).octets, password, budget));
					break;
				case CERTIFICATE_BAG:
					if (value.part(0).oid === X509_CERTIFICATE) {
						certificates.push(value.part(1).part(0).octets);
					}
					break;
				default:
				// Lists of revoked certificates and other secrets are none of ours.
			}
		}
	}
	return { keys: atMost(keys), certificates: atMost(certificates) };
}

/** RFC 7292, section 4: the MAC over the content is what tells a wrong password. */
async function verify(
	mac: Asn1Value,
	safe: Buffer,
	password: string,
	budget: WorkBudget,
): Promise<void> {
	const [digestInfo, salt, rounds] = mac.parts;
	if (digestInfo === undefined || salt === undefined) throw certificateError('damaged');
	const { oid } = digestInfo.part(0).part(0);
	const hash = macHashes[oid];
	if (hash === undefined) throw certificateError('unsupported', oid);
	const expected = digestInfo.part(1).octets;
	const request = {
		hash,
		purpose: KeyPurpose.integrity,
		salt: salt.octets,
		rounds: rounds?.count ?? 1,
		lengthBytes: expected.length,
	};
	if (expected.length > LONGEST_DIGEST) throw certificateError('damaged');
	// Without a password some programs leave out the zero at its end.
	const passwords = [toPkcs12Password(password), ...(password === '' ? [Buffer.alloc(0)] : [])];
	for (const candidate of passwords) {
		const key = await deriveKey({ ...request, password: candidate }, budget);
		const found = createHmac(hash, key).update(safe).digest();
		if (found.length === expected.length && timingSafeEqual(found, expected)) return;
	}
	throw certificateError('wrongPassword');
}

/** SHA-512, in bytes. */
const LONGEST_DIGEST = 64;

async function openSafe(
	info: Asn1Value,
	password: string,
	budget: WorkBudget,
): Promise<Asn1Value[]> {
	const { oid } = info.part(0);
	const content = info.part(1).part(0);
	if (oid === DATA) return Asn1Value.read(content.octets).parts;
	if (oid !== ENCRYPTED_DATA) throw certificateError('unsupported', oid);
	const encrypted = content.part(1);
	const opened = await openEncrypted(encrypted.part(1), encrypted.part(2).octets, password, budget);
	return Asn1Value.read(opened).parts;
}

async function openEncrypted(
	algorithm: Asn1Value,
	content: Buffer,
	password: string,
	budget: WorkBudget,
): Promise<Buffer> {
	const opened = await decrypt(algorithm, content, password, budget);
	if (opened === undefined) throw certificateError('wrongPassword');
	return opened;
}

function atMost<T>(parts: T[]): T[] {
	if (parts.length > PARTS) throw certificateError('tooLarge');
	return parts;
}
