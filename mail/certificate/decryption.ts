import { createDecipheriv, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { createDecryptionCipher } from 'node-forge/lib/rc2';
import { createBuffer } from 'node-forge/lib/util';
import type { Asn1Value } from './asn1';
import { certificateError } from './fault';
import { deriveKey, KeyPurpose, toPkcs12Password } from './pkcs12-key';
import type { WorkBudget } from './work-budget';

/** Undefined: the padding is wrong, and so was the key. */
type Decrypt = (key: Buffer, iv: Buffer, content: Buffer) => Buffer | undefined;

interface Cipher {
	readonly keyBytes: number;
	readonly decrypt: Decrypt;
}

const nodeCipher = (name: string, keyBytes: number): Cipher => ({
	keyBytes,
	decrypt: (key, iv, content) => {
		try {
			const cipher = createDecipheriv(name, key, iv);
			return Buffer.concat([cipher.update(content), cipher.final()]);
		} catch {
			return undefined;
		}
	},
});

/** OpenSSL 3 has retired RC2, so that Node has none. */
const rc2Cipher = (keyBytes: number): Cipher => ({
	keyBytes,
	decrypt: (key, iv, content) => {
		if (content.length === 0 || content.length % 8 !== 0) return undefined;
		const cipher = createDecryptionCipher(key.toString('latin1'), keyBytes * 8);
		cipher.start(iv.toString('latin1'));
		cipher.update(createBuffer(content.toString('latin1')));
		if (!cipher.finish()) return undefined;
		return Buffer.from(cipher.output.getBytes(), 'latin1');
	},
});

/** Of PKCS#12 itself, by SHA-1 (RFC 7292, appendix C). */
const pkcs12Ciphers: Readonly<Partial<Record<string, Cipher>>> = {
	'1.2.840.113549.1.12.1.3': nodeCipher('des-ede3-cbc', 24),
	'1.2.840.113549.1.12.1.5': rc2Cipher(16),
	'1.2.840.113549.1.12.1.6': rc2Cipher(5),
};

/** Of PBES2 (RFC 8018, appendix B.2). */
const pbes2Ciphers: Readonly<Partial<Record<string, Cipher>>> = {
	'2.16.840.1.101.3.4.1.2': nodeCipher('aes-128-cbc', 16),
	'2.16.840.1.101.3.4.1.22': nodeCipher('aes-192-cbc', 24),
	'2.16.840.1.101.3.4.1.42': nodeCipher('aes-256-cbc', 32),
	'1.2.840.113549.3.7': nodeCipher('des-ede3-cbc', 24),
};

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const pbkdf2Hashes: Readonly<Partial<Record<string, string>>> = {
	'1.2.840.113549.2.7': 'sha1',
	'1.2.840.113549.2.8': 'sha224',
	'1.2.840.113549.2.9': 'sha256',
	'1.2.840.113549.2.10': 'sha384',
	'1.2.840.113549.2.11': 'sha512',
};

/**
 * Decrypts a part of a .pfx. Undefined where the password does not fit. Throws `auth.certificate` for a method that is
 * not known.
 *
 * @param algorithm AlgorithmIdentifier: the method with its parameters
 */
export async function decrypt(
	algorithm: Asn1Value,
	content: Buffer,
	password: string,
	budget: WorkBudget,
): Promise<Buffer | undefined> {
	const { oid } = algorithm.part(0);
	const parameters = algorithm.part(1);
	if (oid === PBES2) return await decryptByPbes2(parameters, content, password, budget);
	const cipher = known(pkcs12Ciphers, oid);
	const request = {
		hash: 'sha1',
		password: toPkcs12Password(password),
		salt: parameters.part(0).octets,
		rounds: parameters.part(1).count,
	};
	const { encryption, initialisation } = KeyPurpose;
	const key = { ...request, purpose: encryption, lengthBytes: cipher.keyBytes };
	const iv = { ...request, purpose: initialisation, lengthBytes: 8 };
	return cipher.decrypt(await deriveKey(key, budget), await deriveKey(iv, budget), content);
}

async function decryptByPbes2(
	parameters: Asn1Value,
	content: Buffer,
	password: string,
	budget: WorkBudget,
): Promise<Buffer | undefined> {
	const [derivation, encryption] = [parameters.part(0), parameters.part(1)];
	if (derivation.part(0).oid !== PBKDF2) throw unsupported(derivation.part(0).oid);
	const cipher = known(pbes2Ciphers, encryption.part(0).oid);
	const [salt, rounds, ...more] = derivation.part(1).parts;
	if (salt === undefined || rounds === undefined) throw certificateError('damaged');
	// Behind them the length of the key, which the cipher tells as well, and the hash, which is SHA-1 by default.
	const hashOid = more.find((part) => part.isSequence)?.part(0).oid ?? '1.2.840.113549.2.7';
	const hash = known(pbkdf2Hashes, hashOid);
	budget.spend(rounds.count);
	const key = await promisify(pbkdf2)(password, salt.octets, rounds.count, cipher.keyBytes, hash);
	return cipher.decrypt(key, encryption.part(1).octets, content);
}

function known<T>(table: Readonly<Partial<Record<string, T>>>, oid: string): T {
	const found = table[oid];
	if (found === undefined) throw unsupported(oid);
	return found;
}

function unsupported(oid: string) {
	return certificateError('unsupported', oid);
}
